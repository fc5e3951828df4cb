import fc from 'fast-check'

// The tests of a property run once for each mutant. A few examples show most mutants that many examples would show.
fc.configureGlobal({ seed: 1, numRuns: 15, interruptAfterTimeLimit: 300 })
