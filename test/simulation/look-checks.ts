import type { Task } from '../../shared/domain/task/task.ts'
import { clocksMs } from './episode-checks.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import { type OnTask, type Stores, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

interface LookCheckParts {
  readonly stores: Stores
  readonly verdict: Verdict
  readonly plan: FaultPlan
  readonly now: () => number
  readonly isServed: (task: Task) => boolean
}

interface LookChecks {
  readonly onTask: OnTask
  /** Finds tasks that wait for nothing. To be called every ten minutes. */
  look(): void
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** An hour, a tick, and some minutes in which nobody looked here. */
const FOUND_MS = HOUR_MS + 20 * MINUTE_MS

/** With other faults a look may be lost, or get no answer. */
const HARMLESS: ReadonlySet<Fault> = new Set([
  'users',
  'api-refusals',
  'api-refusals-passing',
  'secrets-by-hand',
  'secrets-deleted',
])

/** Errors that introspection can show to be mended. */
const LOOKED_AT: ReadonlySet<number | undefined> = new Set([401, 403, 404])

/** A look has restarted the task in vain: the next one comes much later. */
function hasRelapsed({ lookedMs, error, lastSuccessAt = '' }: Task): boolean {
  const failedMs = Date.parse(error?.at ?? '')
  return lookedMs !== undefined && failedMs > lookedMs && !(Date.parse(lastSuccessAt) > lookedMs)
}

/** Checks the quiet looks: one an hour at most, and none too few. */
export function createLookChecks({ stores, verdict, plan, now, isServed }: LookCheckParts): LookChecks {
  let waiting = new Map<string, number>()
  const isCalm = [...plan.active].every(fault => HARMLESS.has(fault))
  const isWaiting = (task: Task): boolean =>
    task.halted === true && task.state === 'Error' && LOOKED_AT.has(task.error?.code) && !hasRelapsed(task)

  return {
    onTask({ process, method, before, after }) {
      if (method !== 'markLooked' || !before || !after || before === after) return
      const sinceMs = Math.max(before.lookedMs ?? 0, Date.parse(before.error?.at ?? ''))
      if (now() - sinceMs >= HOUR_MS - clocksMs(plan)) return
      verdict.broken('one quiet look an hour', `${process.name} asks for a look at ${taskName(after)}`)
    },
    look() {
      const found = [...stores.tasks.items.values()].filter(task => isWaiting(task) && isServed(task))
      waiting = new Map(
        found.map(task => {
          const name = `${taskName(task)} since ${task.error?.at}`
          return [name, waiting.get(name) ?? now()]
        }),
      )
      const late = [...waiting].find(([, sinceMs]) => now() - sinceMs > FOUND_MS)
      if (isCalm && late) verdict.broken('a token that works again is found by a look', late[0])
    },
  }
}
