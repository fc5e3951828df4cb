import { readAssembly, type Template } from 'aws-emulator'
import { findAssemblyFolder } from '../../local/stage.ts'
import { type Bill, type FixedCosts, priceFixed, priceMonth, priceSources, total } from './bill.ts'
import { computeMonth, type Month, NO_SOURCE, type Scenario } from './month.ts'
import { computeQuotas, type Quota } from './quotas.ts'
import { countRates, type Rates } from './rates.ts'
import { readTemplateFacts } from './template-facts.ts'

export interface Estimate {
  readonly scenario: Scenario
  readonly bill: Bill
  readonly fixed: FixedCosts
  readonly month: Month
  /** Size of the largest item written: above 1 KB a write costs two units. */
  readonly writtenBytes: number
  readonly quotas: readonly Quota[]
}

/** The template, and what it was seen to do on this machine. */
export interface Counts {
  readonly template: Template
  readonly rates: Rates
}

/** Counts what the template does for sources with so many APIs. It takes some seconds. */
export async function countTemplate(apis: number): Promise<Counts> {
  const assemblyFolder = await findAssemblyFolder({})
  return { template: readAssembly(assemblyFolder).template, rates: await countRates(assemblyFolder, apis) }
}

/** Estimates what a month costs. The scenario's sources must have as many APIs as those that were counted. */
export function computeEstimate(scenario: Scenario, { template, rates }: Counts): Estimate {
  const facts = readTemplateFacts(template)
  const month = computeMonth(scenario, rates, facts)
  const idle = computeMonth(NO_SOURCE, rates, facts)
  return {
    scenario,
    bill: priceSources(month, idle),
    fixed: priceFixed(facts, { metrics: rates.metrics, ticks: total(priceMonth(idle)) }),
    month,
    writtenBytes: rates.writtenBytes,
    quotas: computeQuotas(scenario, month),
  }
}
