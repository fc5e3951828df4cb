/** Counts what is under way, so that others can wait for quiet. */
export interface Activity {
  /** Something begins; the answer is called when it has ended. What it causes begins before it ends. */
  begin(): () => void
  /** Resolves when nothing is under way, at once if that is so now. */
  idle(): Promise<void>
}

export function createActivity(): Activity {
  const waiting = new Set<() => void>()
  let underWay = 0
  const end = (): void => {
    underWay--
    if (underWay > 0) return
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  return {
    begin() {
      underWay++
      let ended = false
      return () => {
        if (ended) return
        ended = true
        end()
      }
    },
    idle: () =>
      new Promise(resolve => {
        if (underWay === 0) resolve()
        else waiting.add(resolve)
      }),
  }
}
