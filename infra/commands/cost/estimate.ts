import { readAssembly, type Template } from 'aws-emulator'
import { assemblyOf } from '../../local/stage.ts'
import { type Bill, billOf, idleBill, totalOf } from './bill.ts'
import { type Fixed, fixedOf } from './fixed.ts'
import { functionsOf } from './functions.ts'
import { type Month, monthOf, type Scenario } from './month.ts'
import { type Quota, quotasOf } from './quotas.ts'
import { countRates, type Rates } from './rates.ts'

export interface Estimate {
  readonly scenario: Scenario
  readonly bill: Bill
  readonly fixed: Fixed
  readonly month: Month
  /** Of the largest item written: above 1 KB a write costs two units. */
  readonly writtenBytes: number
  readonly quotas: readonly Quota[]
}

/** What the template does, as counted on this machine for sources with so many APIs. */
export interface Counts {
  readonly template: Template
  readonly rates: Rates
}

/** Takes some seconds. */
export async function countTemplate(apis: number): Promise<Counts> {
  const assemblyFolder = await assemblyOf({})
  return { template: readAssembly(assemblyFolder).template, rates: await countRates(assemblyFolder, apis) }
}

/** What a month costs. The counts are those of sources with as many APIs as the scenario's. */
export function estimateOf(scenario: Scenario, { template, rates }: Counts): Estimate {
  const functions = functionsOf(template)
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
