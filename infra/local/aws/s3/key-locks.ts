/** Lets one work at a time run for each key, in the order in which they asked. */
interface KeyLocks {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

export function createKeyLocks(): KeyLocks {
  const last = new Map<string, Promise<unknown>>()
  return {
    run(key, work) {
      const turn = (last.get(key) ?? Promise.resolve()).then(work)
      const settled = turn.then(
        () => undefined,
        () => undefined,
      )
      last.set(key, settled)
      void settled.then(() => last.get(key) === settled && last.delete(key))
      return turn
    },
  }
}
