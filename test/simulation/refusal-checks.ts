import type { Process } from './process.ts'
import { type OnTask, type Stores, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

interface RefusalCheckParts {
  readonly stores: Stores
  readonly verdict: Verdict
}

/** Statuses that no repetition changes (docs/design.md, "Errors, states and health"), by what the account has answered. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([401, 403, 404])

/** A cursor that was refused twice is the user's to put right as well. */
const isRefused = ({ lastStatus }: Process): boolean => REFUSALS.has(lastStatus) || lastStatus === 400

/** A task waits for its user if 1Password has refused, or its secret is gone, and for no other reason. */
export function createRefusalChecks({ stores, verdict }: RefusalCheckParts): OnTask {
  return ({ process, method, before, after }) => {
    const error = after?.error
    if (method !== 'save' || !after || !error || error === before?.error) return
    const who = `${process.name}: ${taskName(after)} after ${process.lastStatus}: ${error.info}`
    const isConfig = error.type === 'ThirdPartyConfig'
    if (isConfig && !isRefused(process) && stores.secrets.has(after.sourceId)) {
      verdict.broken('what passes needs no help', who)
    }
    if (error.type === 'ThirdPartyGeneric' && REFUSALS.has(process.lastStatus)) {
      verdict.broken('a config error makes no call until update or restart', who)
    }
  }
}
