import type { FaultPlan } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import { type OnTask, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

/** Checks that what rules drop is counted. */
export interface RuleChecks {
  readonly onTask: OnTask
  /** Is called at the end for each stream. The events are those that are not in the lake because rules dropped them. */
  audit(name: string, dropped: Dropped): void
}

export interface Dropped {
  /** Of these, every run that should have read them has ended. */
  readonly due: number
  /** With those that may just have been read. */
  readonly atMost: number
}

/** With other faults, an event may be read a second time, and is then dropped a second time. */
const READ_ONCE =
  /^(?:kills|answers-lost|calls-|runs-|events-(?:lost|doubled|delayed)|ticks-|executions-|invocations-|bus-|api-(?:errors|outages)$|processing-rules)/

export function createRuleChecks({ active }: FaultPlan, verdict: Verdict): RuleChecks {
  const counted = new Map<string, number>()
  const isExact = [...active].every((fault: Fault) => READ_ONCE.test(fault))

  return {
    onTask({ before, after }) {
      if (!after?.filtered) return
      for (const [id, count] of Object.entries(after.filtered)) {
        const more = count - (before?.filtered?.[id] ?? 0)
        if (!id.startsWith('d') || more <= 0) continue
        const name = taskName(after)
        counted.set(name, (counted.get(name) ?? 0) + more)
      }
    },
    audit(name, { due, atMost }) {
      const count = counted.get(name) ?? 0
      if (count >= due && (count <= atMost || !isExact)) return
      verdict.broken('every dropped event is counted, and once', `${name}: ${count}, not ${due} to ${atMost}`)
    },
  }
}
