import { bounded } from './shown-text.ts'

/** How many different failures a text names. */
const MOST_NAMED = 5

/** Names the failures, each text once, and says how many more there are. */
export function nameFailures(failures: readonly unknown[]): string {
  const texts = [...new Set(failures.map(String))]
  const named = texts.slice(0, MOST_NAMED).map(bounded).join('; ')
  return texts.length > MOST_NAMED ? `${named}; and ${texts.length - MOST_NAMED} more` : named
}

/** One error for all of the failures. The only failure stays as it is; the text for several names them. */
export function combineFailures(failures: readonly unknown[]): unknown {
  if (failures.length === 1) return failures[0]
  return new AggregateError(failures, `${failures.length} failures: ${nameFailures(failures)}`)
}

/** Throws one error if some of the work has failed. */
export function throwFailures(ends: readonly PromiseSettledResult<unknown>[]): void {
  const failures = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []))
  if (failures.length > 0) throw combineFailures(failures)
}

/**
 * Waits until all of the work has ended, then throws one error if some has failed. Promise.all would leave the rest
 * running and would name the first failure only.
 */
export async function finishAll(work: readonly Promise<unknown>[]): Promise<void> {
  throwFailures(await Promise.allSettled(work))
}
