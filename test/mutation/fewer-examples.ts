import fc from 'fast-check'
import { examples } from '../support/examples.ts'

// A few examples show most mutants that many examples would show, and the same ones each time.
fc.configureGlobal({ seed: 1, numRuns: examples(100) })

// The thread is kept from mutant to mutant. While a test file is loaded, no mutant is active.
const stryker: object | undefined = Reflect.get(globalThis, '__stryker__')
if (stryker) Reflect.set(stryker, 'activeMutant', undefined)
