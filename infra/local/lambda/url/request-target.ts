/** Path and query of a request line, percent-encoded as they came; the query is empty if there is none. */
export function pathAndQuery(target: string): readonly [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}
