import { describe, expect, it } from 'vitest'
import type { Hunt } from './defect.ts'
import { HUNTS } from './defects.ts'
import { simulate } from './simulation.ts'

/** Returns the first invariant that is broken within so many seeds. */
async function caught({ defect, faults, rates, within }: Hunt) {
  for (let seed = 1; seed <= within; seed++) {
    const world = { seed: String(seed), days: 1, steady: true, faults, rates }
    const { breach } = await simulate({ ...world, defect })
    if (breach) return breach.invariant
  }
  return undefined
}

describe('the simulation', () => {
  it.each(Object.entries(HUNTS))('finds %s', async (_name, hunt) => {
    expect(await caught(hunt)).toMatch(hunt.breaks)
  })
})
