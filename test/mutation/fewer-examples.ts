import fc from 'fast-check'

// The tests of a property run once for each mutant. A few examples show most mutants that many examples would show.
fc.configureGlobal({ seed: 1, numRuns: 15, interruptAfterTimeLimit: 100 })

// The thread is kept from mutant to mutant. While a test file is loaded, no mutant is active.
const stryker: object | undefined = Reflect.get(globalThis, '__stryker__')
if (stryker) Reflect.set(stryker, 'activeMutant', undefined)
