import { randomUUID } from 'node:crypto'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { Clock, Random } from '../ports.ts'

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal && { signal }),
  giveWay: () => turn(),
}

/** The random numbers of the machine. */
export const systemRandom: Random = { uuid: () => randomUUID(), fraction: () => Math.random() }
