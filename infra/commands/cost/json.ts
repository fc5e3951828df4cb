import * as assumptions from './assumptions.ts'
import { total } from './bill.ts'
import type { Estimate } from './estimate.ts'
import type { Load } from './month.ts'
import { PRICES } from './prices.ts'
import { isShort } from './quotas.ts'

const MICRO = 1e6

const round = (amount: number): number => Math.round(amount * MICRO) / MICRO

function roundAll<Name extends string>(amounts: Readonly<Record<Name, number>>): Record<Name, number> {
  const entries = Object.entries<number>(amounts).map(([name, amount]) => [name, round(amount)])
  return Object.fromEntries(entries) as Record<Name, number>
}

const toLoadJson = ({ usage, ...load }: Load) => ({ ...roundAll(load), ...roundAll(usage) })

/** Returns the estimate as `--json` prints it, in USD a month. The total is the sum of the services. */
export function toJson({ scenario, bill, fixed, month, writtenBytes, quotas }: Estimate) {
  const services = roundAll({ ...bill })
  const fixedCosts = roundAll({ ...fixed })
  return {
    total: round(total(services)),
    ...services,
    fixed: { total: round(total(fixedCosts)), ...fixedCosts },
    scenario,
    usage: { collect: toLoadJson(month.collect), dispatch: toLoadJson(month.dispatch), writtenBytes },
    quotas: quotas.map(quota => ({ ...quota, needed: round(quota.needed), isShort: isShort(quota) })),
    prices: PRICES,
    assumptions: { ...assumptions },
  }
}
