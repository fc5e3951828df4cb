import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClock, friendlyName } from 'aws-emulator'
import { API_NAMES } from '../../../shared/contract/apis.ts'
import { TICK_MINUTES } from '../../../shared/contract/timing.ts'
import { startAccount } from '../../local/account/account.ts'
import { register } from '../../local/registration.ts'
import { type Stage, type StageOptions, startStage } from '../../local/stage.ts'
import { countedToken } from './counted-token.ts'
import { createMeter, type Meter, type Reading } from './meter.ts'
import { minus, type Usage } from './usage.ts'

const TICK_MS = TICK_MINUTES * 60_000

/** What is counted. */
const HOURS = {
  /** A working day's afternoon: a busy account has events in every tick. */
  working: { startMs: Date.UTC(2026, 0, 6, 14), backlogMs: 0 },
  /** A Sunday night: an account of few people has none. The backlog gives its tasks what tasks have after first events. */
  silent: { startMs: Date.UTC(2026, 0, 4, 2), backlogMs: 86_400_000 },
} as const

/** With any at all, a run that delivers reads the schema of fields. */
const FIELDS = { team: 'security' }

/** Until tokens are checked and the backlog is collected. */
const FIRST_TICKS = 2

/** What some ticks of one source came to. */
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

export interface Wanted {
  readonly assemblyFolder: string
  readonly apis: number
  /** Of each API, in the mean of a week. */
  readonly eventsPerDay: number
  readonly hour: keyof typeof HOURS
  readonly ticks: number
}

const between = (before: Reading, after: Reading): Omit<Sample, 'apis' | 'ticks'> => {
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

async function ticks(stage: Stage, count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) {
    stage.clock.advance(TICK_MS)
    stage.tick()
    await stage.idle()
  }
}

type Account = Awaited<ReturnType<typeof startAccount>>

interface Place {
  readonly dataDir: string
  readonly account: Account
}

async function collectFrom({ dataDir, account }: Place, stage: Stage, { apis, hour }: Wanted): Promise<void> {
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
  await ticks(stage, FIRST_TICKS)
}

/** A stage whose calls the meter counts. What goes wrong on it would be billed as if it belonged to an ordinary day. */
async function meteredStage(options: StageOptions): Promise<{ stage: Stage; meter: Meter }> {
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

async function sample(wanted: Wanted, dataDir: string): Promise<Sample> {
  const { startMs } = HOURS[wanted.hour]
  const clock = createClock({ startMs })
  const { eventsPerDay } = wanted
  const token = countedToken(startMs)
  const account = await startAccount({ seed: 'cost', days: 2, clock, eventsPerDay, token })
  try {
    const { stage, meter } = await meteredStage({ dataDir, clock, assemblyFolder: wanted.assemblyFolder })
    try {
      await collectFrom({ dataDir, account }, stage, wanted)
      const before = meter.read(account.requests.length)
      await ticks(stage, wanted.ticks)
      const counted = between(before, meter.read(account.requests.length))
      return { apis: wanted.apis, ticks: wanted.ticks, ...counted }
    } finally {
      await stage.close()
    }
  } finally {
    await account.close()
  }
}

/** Counts what some ticks of one source really do, on a local stage of its own with a simulated account. */
export async function countTicks(wanted: Wanted): Promise<Sample> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'onepassword-source-cost-'))
  try {
    return await sample(wanted, dataDir)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
