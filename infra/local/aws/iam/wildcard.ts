/** Returns whether the whole text matches an IAM pattern, in which `*` is any number of characters and `?` is one. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0
  let next = 0
  let star = -1
  let resume = 0
  while (at < text.length) {
    const wanted = pattern[next]
    if (wanted === '*') {
      star = next++
      resume = at
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[at])) {
      next++
      at++
    } else if (star >= 0) {
      next = star + 1
      at = ++resume
    } else {
      return false
    }
  }
  while (pattern[next] === '*') next++
  return next === pattern.length
}

/**
 * The same for ARNs, as ArnLike and ArnEquals compare them: each of the six parts by itself, so that no wildcard
 * matches across a colon.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const patterns = arnParts(pattern)
  const parts = arnParts(arn)
  return (
    patterns.length === parts.length &&
    patterns.every((part, index) => matchesPattern(part, parts[index] ?? ''))
  )
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}
