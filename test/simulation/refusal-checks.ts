import type { Task } from '../../shared/domain/task/task.ts'
import type { FaultPlan } from './fault-plan.ts'
import { type OnTask, type Stores, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

export interface RefusalCheckParts {
  readonly stores: Stores
  readonly plan: FaultPlan
  readonly verdict: Verdict
  /** The account takes the token that the task's source names, if the source is still of the task's version. */
  readonly isServed: (task: Task) => boolean
}

/**
 * Answers that do not change if the request is repeated (docs/design.md, "Errors, states and health"). The check looks
 * at what the account has answered, not at what the product makes of it.
 */
const REFUSALS: ReadonlySet<number | undefined> = new Set([401, 403, 404])

const SECRET_GONE = /^The secret with the API token of this source is gone/

/** Checks that a task waits for its user only if 1Password has refused it, or its secret is gone. */
export function createRefusalChecks({ stores, verdict, plan, isServed }: RefusalCheckParts): OnTask {
  return ({ process, method, before, after }) => {
    const error = after?.error
    if (method !== 'save' || !after || !error || error === before?.error) return
    // Whoever has deleted the secret may have restored it since.
    // 1Password has no part in it.
    if (error.where === 'destination') return
    if (plan.active.has('secrets-deleted') && SECRET_GONE.test(error.info)) return
    const who = `${process.name}: ${taskName(after)} after ${process.lastStatus}: ${error.info}`
    const isConfig = error.type === 'ThirdPartyConfig'
    if (isConfig && !process.isRefused && stores.secrets.has(after.sourceId)) {
      verdict.broken('what passes needs no help', who)
    }
    if (isConfig && error.code === 401 && isServed(after)) {
      verdict.broken('a good token is not displaced', who)
    }
    if (error.type === 'ThirdPartyGeneric' && REFUSALS.has(process.lastStatus)) {
      verdict.broken('a config error makes no call until update or restart', who)
    }
  }
}
