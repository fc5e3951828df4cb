import { RULES_MS } from '../../../shared/contract/timing.ts'
import type { Compile } from '../../../shared/domain/rule/expression.ts'
import { eventsFrom } from '../../support/collect-world.ts'
import type { ManagedCollection } from '../../support/managed-collection.ts'
import type { AdminWorld } from './admin-world.ts'
import { update } from './source-world.ts'

const RULE = { filterType: 'Mask', name: 'A rule' } as const

interface Place extends Pick<ManagedCollection, 'clock' | 'eventsApi'> {
  readonly world: AdminWorld
  readonly path: string
}

/** An earlier deployment, with another engine, may have taken what the present one refuses. An event comes, too. */
function registerRule({ world, clock, eventsApi }: Place, regexp: string): void {
  const { sources } = world.ports.registry.stored
  eventsApi.events.push(...eventsFrom(50, 1, clock.now() - 60_000))
  for (const [key, source] of sources) sources.set(key, { ...source, filters: [{ ...RULE, regexp }] })
}

const SLOW = '(slow)'

/** An engine for which one expression is too much. */
const slowEngine =
  (compile: Compile, { clock }: Place): Compile =>
  regexp => {
    const expression = compile(regexp)
    if ('fault' in expression || regexp !== SLOW) return expression
    const findGroups = (_: string, onMatch: () => void) => {
      clock.advance(RULES_MS + 1)
      onMatch()
      return []
    }
    return { ...expression, findGroups }
  }

/** The source has a rule that takes too long. */
function registerSlowRule(place: Place): void {
  const { expressions } = place.world.ports
  const { load } = expressions
  registerRule(place, SLOW)
  Object.assign(expressions, { load: async () => slowEngine(await load(), place) })
}

/** Writes a rule of use in the place of the other one. */
const follow = ({ world, path }: Place) =>
  update(world, path, { filters: [{ ...RULE, regexp: '"n":(.*?),' }] })

/** How rules are mended that no longer compile. */
export const UNUSABLE_RULES = [
  {
    name: 'another expression',
    advice: 'Update the source with another expression',
    breakIt: (place: Place) => registerRule(place, '(?=ahead)'),
    follow,
  },
]

/** How rules are mended that take too long. */
export const SLOW_RULES = [
  {
    name: 'a simpler expression',
    advice: 'with a simpler expression, or with fewer rules',
    breakIt: registerSlowRule,
    follow,
  },
]
