import type { Task } from '../../shared/domain/task/task.ts'
import type { Envelope } from './bus.ts'
import { createDestinationChecks } from './destination-checks.ts'
import { createEnding } from './ending.ts'
import { checkSecrecy } from './function-ports.ts'
import { createHealthChecks } from './health-checks.ts'
import { createLakeChecks, type Tally } from './lake-checks.ts'
import { createLookChecks } from './look-checks.ts'
import type { Machine } from './machine.ts'
import { createRuleChecks } from './rule-checks.ts'
import { watchRules } from './rule-history.ts'
import { createSizeChecks } from './size-checks.ts'
import type { OnTask } from './stores.ts'
import { createTaskChecks, type TaskChecks } from './task-checks.ts'
import type { User } from './user.ts'
import type { World } from './world.ts'

/** Checks every invariant. */
export interface Checks {
  readonly onTask: OnTask
  readonly onBus: (event: Envelope) => void
  /** Is called now and then. */
  look(): void
  /** Is called at the end. */
  audit(users: readonly User[], machine: Machine): Tally
  readonly soFar: () => Tally
  readonly episodes: TaskChecks['episodes']
  readonly healthEvents: () => number
}

/** Whether the account takes the token that the source names now, and the task is about this version of the source. */
function isServed({ stores, accounts, accountOf }: World, { sourceId, version }: Task): boolean {
  const source = [...stores.registry.stored.sources.values()].find(({ id }) => id === sourceId)
  if (!source || source.version !== version) return false
  const token = stores.secrets.get(sourceId)?.versions[source.tokenVersion]
  const account = accountOf(sourceId)
  return token !== undefined && account.tokens.has(token) && !accounts.isRefusing(account)
}

/** Events that become visible within this time before the end may not be delivered yet. */
const ON_ITS_WAY_MS = 20 * 60_000

export function createChecks(world: World): Checks {
  const { stores, plan, verdict, timeline, weather, awsOutages, accounts, accountOf, scenario } = world
  const { now } = timeline
  const tasks = createTaskChecks({
    ...{ stores, plan, verdict, now, awsOutages },
    isServed: task => isServed(world, task),
    outagesOf: ({ sourceId }) =>
      weather.outages.filter(({ account }) => account === accountOf(sourceId).number),
  })
  const looks = createLookChecks({ stores, verdict, plan, now, isServed: task => isServed(world, task) })
  const rules = watchRules(stores.registry, now, plan.active.has('writes-stray'))
  const ruleChecks = createRuleChecks(plan, verdict)
  const lake = createLakeChecks({
    ...{ stores, accountOf, verdict, plan, now, rules, ruleChecks },
    destination: world.destination,
    isDamaged: accounts.isDamaged,
  })
  const destination = createDestinationChecks({ ...world, rules, destination: world.destination })
  const health = createHealthChecks(stores, verdict)
  const checkSize = createSizeChecks(verdict)
  const ending = createEnding({ stores, plan, verdict, now, quietMs: scenario.quietMs })
  return {
    onTask(effect) {
      tasks.onTask(effect)
      looks.onTask(effect)
      ending.onTask(effect)
      destination.onTask(effect)
      health.onTask(effect)
      ruleChecks.onTask(effect)
      checkSize(effect)
    },
    onBus(event) {
      health.onBus(event)
      checkSecrecy(verdict, 'bus', event)
    },
    look() {
      tasks.look()
      looks.look()
    },
    audit(users, machine) {
      ending.audit(users, machine)
      health.audit()
      destination.audit()
      return lake.audit(scenario.endMs - ON_ITS_WAY_MS)
    },
    soFar: lake.soFar,
    episodes: tasks.episodes,
    healthEvents: health.count,
  }
}
