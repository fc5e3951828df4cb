import * as assumptions from './assumptions.ts'
import { totalOf } from './bill.ts'
import type { Estimate } from './estimate.ts'
import type { Load } from './month.ts'
import { PRICES } from './prices.ts'
import { isShort } from './quotas.ts'

const MICRO = 1e6

const rounded = (amount: number): number => Math.round(amount * MICRO) / MICRO

function roundedAll<Name extends string>(amounts: Readonly<Record<Name, number>>): Record<Name, number> {
  const entries = Object.entries<number>(amounts).map(([name, amount]) => [name, rounded(amount)])
  return Object.fromEntries(entries) as Record<Name, number>
}

const loadOf = ({ usage, ...load }: Load) => ({ ...roundedAll(load), ...roundedAll(usage) })

/** `total` and each service in USD a month at the top; the total is the services' sum. */
export function jsonOf({ scenario, bill, fixed, month, writtenBytes, quotas }: Estimate) {
  const services = roundedAll(bill)
  const fixedCosts = roundedAll({ ...fixed })
  return {
    total: rounded(totalOf(services)),
    ...services,
    fixed: { total: rounded(totalOf(fixedCosts)), ...fixedCosts },
    scenario,
    usage: { collect: loadOf(month.collect), dispatch: loadOf(month.dispatch), writtenBytes },
    quotas: quotas.map(quota => ({ ...quota, needed: rounded(quota.needed), isShort: isShort(quota) })),
    prices: PRICES,
    assumptions: { ...assumptions },
  }
}
