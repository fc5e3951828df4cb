import { expect, it } from 'vitest'
import { sumRuleEffects } from '../../../functions/admin/console/model/rule-effects.ts'

it('sums what a rule has done with the events of all APIs', () => {
  const mask = { name: 'Addresses', filterType: 'Mask' }
  const drop = { name: 'Robots', filterType: 'Exclude' }
  const effects = [{ ...mask, changed: 2 }, { ...drop, dropped: 0 }, { ...mask, changed: 3 }, drop]
  expect(sumRuleEffects(effects)).toEqual([
    { ...mask, changed: 5 },
    { ...drop, dropped: 0 },
  ])
})
