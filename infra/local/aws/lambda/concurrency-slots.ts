/** Limits how many invocations run at the same time. Who asks first for a slot gets it first. */
interface ConcurrencySlots {
  free(): number
  take(): Promise<void>
  giveBack(): void
}

export function createConcurrencySlots(most: number): ConcurrencySlots {
  const waiting: (() => void)[] = []
  let free = most
  return {
    free: () => free,
    async take() {
      if (free > 0) free--
      else await new Promise<void>(resolve => waiting.push(resolve))
    },
    giveBack() {
      const next = waiting.shift()
      if (next) next()
      else free++
    },
  }
}
