import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClock, friendlyName } from 'aws-emulator'
import { API_NAMES } from '../../../shared/contract/apis.ts'
import { TICK_MINUTES } from '../../../shared/contract/timing.ts'
import { startAccount } from '../../local/account/account.ts'
import { register } from '../../local/registration.ts'
import { type Stage, type StageOptions, startStage } from '../../local/stage.ts'
import { createMeter, type Meter, type Reading } from './meter.ts'
import { minus, type Usage } from './usage.ts'

const TICK_MS = TICK_MINUTES * 60_000

/** Hours of which ticks are counted. */
const HOURS = {
  /** A working day's afternoon: a busy account has events in every tick. */
  working: { startMs: Date.UTC(2026, 0, 6, 14), backlogMs: 0 },
  /**
   * A Sunday night: a small account has no events. The backlog fills the tasks' items, as the first events of any source
   * do.
   */
  silent: { startMs: Date.UTC(2026, 0, 4, 2), backlogMs: 86_400_000 },
} as const

/** Fields of the source. Without fields, a run that delivers would not read the schema of fields. */
const FIELDS = { team: 'security' }

/** After so many ticks tokens are checked and the backlog is collected. */
const FIRST_TICKS = 2

/** What some ticks of one source used. */
export interface Sample {
  readonly apis: number
  readonly ticks: number
  readonly runs: number
  readonly pages: number
  readonly events: number
  readonly taskBytes: number
  readonly writtenBytes: number
  readonly collect: Usage
  readonly dispatch: Usage
  readonly metrics: ReadonlySet<string>
}

interface SampleOptions {
  readonly assemblyFolder: string
  readonly apis: number
  /** Events of each API, on the average of a week. */
  readonly eventsPerDay: number
  readonly hour: keyof typeof HOURS
  readonly ticks: number
}

/** Returns what was counted between two readings. */
function difference(before: Reading, after: Reading): Omit<Sample, 'apis' | 'ticks'> {
  const collect = minus(after.collect, before.collect)
  return {
    collect,
    dispatch: minus(after.dispatch, before.dispatch),
    runs: collect.invocations,
    pages: after.pages - before.pages,
    events: after.events - before.events,
    taskBytes: after.taskBytes,
    writtenBytes: after.writtenBytes,
    metrics: after.metrics,
  }
}

async function runTicks(stage: Stage, count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) {
    stage.clock.advance(TICK_MS)
    stage.tick()
    await stage.idle()
  }
}

/**
 * Longer than the last days of a token. In those days a task warns of the expiry, and every run looks for a new
 * token.
 */
const TOKEN_DAYS = 90

const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * Makes a token that expires. A task stores the day of expiry, so its item has the same size as in real use. The
 * token has no signature: only the account that is started with it accepts it.
 */
export function createExpiringToken(startMs: number): string {
  const exp = Math.floor((startMs + TOKEN_DAYS * 86_400_000) / 1000)
  return `${encodePart({ alg: 'ES256', typ: 'JWT' })}.${encodePart({ exp })}.unsigned`
}

type Account = Awaited<ReturnType<typeof startAccount>>

interface StageWorld {
  readonly dataDir: string
  readonly account: Account
  readonly stage: Stage
}

/** Registers a source and collects its backlog. After that, a tick finds new events only. */
async function startCollecting(
  { dataDir, account, stage }: StageWorld,
  { apis, hour }: SampleOptions,
): Promise<void> {
  await register(stage, dataDir, {
    sourceName: 'Counted',
    description: '',
    baseUrl: account.url,
    token: account.token,
    apis: API_NAMES.slice(0, apis),
    fields: FIELDS,
    startTime: new Date(stage.clock.now() - HOURS[hour].backlogMs).toISOString().replace(/\.\d+/, ''),
    close: account.close,
  })
  await stage.idle()
  await runTicks(stage, FIRST_TICKS)
}

/** Starts a stage whose calls are counted. Throws if something goes wrong on it: that would not be an ordinary day. */
async function startMeteredStage(options: StageOptions): Promise<{ stage: Stage; meter: Meter }> {
  const names = new Map<string, string>()
  const meter = createMeter(name => names.get(name) ?? name)
  const stage = await startStage({
    ...options,
    schedule: false,
    observe: meter.observe,
    onLog: meter.onLog,
    onNotice: notice => {
      throw new Error(`The simulated day went wrong: ${JSON.stringify(notice)}`)
    },
  })
  for (const each of stage.deployment.functions) names.set(each.name, friendlyName(each))
  return { stage, meter }
}

async function takeSample(options: SampleOptions, dataDir: string): Promise<Sample> {
  const { assemblyFolder, apis, eventsPerDay, hour, ticks } = options
  const { startMs } = HOURS[hour]
  const clock = createClock({ startMs })
  const token = createExpiringToken(startMs)
  const account = await startAccount({ seed: 'cost', days: 2, clock, eventsPerDay, token })
  try {
    const { stage, meter } = await startMeteredStage({ dataDir, clock, assemblyFolder })
    try {
      await startCollecting({ dataDir, account, stage }, options)
      const before = meter.read(account.requests.length)
      await runTicks(stage, ticks)
      const counted = difference(before, meter.read(account.requests.length))
      return { apis, ticks, ...counted }
    } finally {
      await stage.close()
    }
  } finally {
    await account.close()
  }
}

/** Counts what some ticks of one source really do, on a new local stage with a simulated account. */
export async function countTicks(options: SampleOptions): Promise<Sample> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'onepassword-source-cost-'))
  try {
    return await takeSample(options, dataDir)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
