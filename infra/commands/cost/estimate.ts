import { assemblyOf } from '../../local/stage.ts'
import { readAssembly } from '../../local/template/assembly.ts'
import { type Bill, billOf, idleBill, totalOf } from './bill.ts'
import { type Fixed, fixedOf } from './fixed.ts'
import { functionsOf } from './functions.ts'
import { type Month, monthOf, type Scenario } from './month.ts'
import { type Quota, quotasOf } from './quotas.ts'
import { countRates } from './rates.ts'

export interface Estimate {
  readonly scenario: Scenario
  readonly bill: Bill
  readonly fixed: Fixed
  readonly month: Month
  /** Of the largest item written: above 1 KB a write costs two units. */
  readonly writtenBytes: number
  readonly quotas: readonly Quota[]
}

/** Counts what the deployed template does on this machine, and what that costs in a month. Takes some seconds. */
export async function estimate(scenario: Scenario): Promise<Estimate> {
  const assemblyFolder = await assemblyOf({})
  const { template } = readAssembly(assemblyFolder)
  const functions = functionsOf(template)
  const rates = await countRates(assemblyFolder, scenario.apis)
  const month = monthOf(scenario, rates, functions)
  const ticks = totalOf({ ...idleBill(rates, functions) })
  return {
    scenario,
    bill: billOf(scenario, rates, functions),
    fixed: fixedOf(template, { metrics: rates.metrics, ticks }),
    month,
    writtenBytes: rates.writtenBytes,
    quotas: quotasOf(scenario, month),
  }
}
