import { randomFrom } from '../../infra/local/account/random.ts'

/** The times and sizes of a seed's world. Times are epoch milliseconds. */
export interface Scenario {
  readonly seed: string
  readonly fromMs: number
  /** From then on nothing goes wrong. */
  readonly quietMs: number
  readonly endMs: number
  /** How many accounts there are. Each has a user with one source. */
  readonly accounts: number
  /** When the accounts' first events happened. */
  readonly historyMs: number
  /** The start_time of the sources. Undefined: the default of the product. */
  readonly startTime: string | undefined
  readonly pageSize: number
  /** How many tasks a page of their table holds. If there are more, ticks work through the table in segments. */
  readonly tasksInPage: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Long enough for an episode to end, for its health events to be published, and for missed events to be read. */
const QUIET_MS = 4 * HOUR_MS

/** Ends of months and years, a leap day, and ordinary days. */
const BEGINNINGS = ['2026-02-27', '2028-02-28', '2026-12-30', '2026-06-13', '2026-10-31'] as const

/** Most sources begin with the usual window of a day, and some with a backlog of weeks or months. */
const BACKLOG_DAYS = [0, 0, 0, 0, 1, 3, 100, 21] as const

export function createScenario(seed: string, days: number): Scenario {
  const random = randomFrom(seed, 'scenario')
  const fromMs = Date.parse(`${random.pick(BEGINNINGS)}T00:00:00Z`) + random.integer(DAY_MS)
  const backlog = random.pick(BACKLOG_DAYS)
  const historyMs = fromMs - Math.max(backlog, 1) * DAY_MS
  const quietMs = fromMs + days * DAY_MS
  return {
    seed,
    fromMs,
    quietMs,
    endMs: quietMs + QUIET_MS,
    accounts: 1 + random.integer(2),
    historyMs,
    startTime: backlog === 0 ? undefined : `${new Date(historyMs).toISOString().slice(0, 19)}Z`,
    pageSize: backlog > 3 ? random.pick([50, 1000]) : random.pick([3, 10, 100, 1000]),
    tasksInPage: randomFrom(seed, 'tasks in a page').pick([1, 100, 100]),
  }
}
