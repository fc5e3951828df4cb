/** What could not be done must not keep the rest waiting: throws afterwards, once. */
export function throwAny(ends: readonly PromiseSettledResult<unknown>[]): void {
  const failures = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []))
  if (failures.length > 0) throw new AggregateError(failures, String(failures[0]))
}
