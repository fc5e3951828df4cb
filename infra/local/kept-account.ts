import { join } from 'node:path'
import { readJson, writeJson } from 'aws-emulator'
import { API_NAMES } from '../../shared/contract/apis.ts'
import { type Account, startAccount } from './account/account.ts'
import type { CollectedAccount } from './registration.ts'

const DAY_MS = 86_400_000
const RETENTION_DAYS = 120
/** The start time is checked some time after it was computed. With this margin it is still allowed then. */
const RETENTION_MARGIN_MS = 30 * 60_000

/** What a data directory keeps of its simulated account, so that it is the same one after a restart. */
interface KeptAccount {
  readonly seed: string
  readonly days: number
  readonly anchorMs: number
  readonly port: number
  readonly token: string
  readonly fromFiles: boolean
}

interface AccountRequest {
  readonly dataDir: string
  readonly clock: { now(): number }
  readonly seed?: string
  readonly days?: number
  readonly eventFiles: readonly string[]
}

/** Throws if the options ask for another account than the data directory has. */
function refuseOtherAccount(kept: KeptAccount, { dataDir, seed, days, eventFiles }: AccountRequest): void {
  const advice = 'leave the option out, or use another --data.'
  const made = `${dataDir} holds a simulated account`
  if (seed !== undefined && seed !== kept.seed) throw new Error(`${made} with --seed ${kept.seed}: ${advice}`)
  if (days !== undefined && days !== kept.days) throw new Error(`${made} with --days ${kept.days}: ${advice}`)
  if (eventFiles.length > 0 !== kept.fromFiles) {
    throw new Error(
      kept.fromFiles
        ? `${made} of --events: give the files again, or use another --data.`
        : `${made} that makes its events up: ${advice}`,
    )
  }
}

const planAccount = ({ seed = '1', days = 7, clock, eventFiles }: AccountRequest) => ({
  seed,
  days,
  anchorMs: clock.now(),
  fromFiles: eventFiles.length > 0,
})

async function start(
  wanted: AccountRequest,
  kept: Omit<KeptAccount, 'port' | 'token'> & Partial<KeptAccount>,
): Promise<Account> {
  const { clock, eventFiles } = wanted
  const { fromFiles, ...options } = kept
  try {
    return await startAccount({ ...options, clock, ...(fromFiles && { eventFiles }) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(
      `Port ${kept.port} is taken. The source registered in ${wanted.dataDir} has its simulated account there: free the port, or use another --data.`,
    )
  }
}

/**
 * Returns the source's start time. With event files it is the oldest time that the API accepts: then all events of
 * the files are collected, however old they are.
 */
function toStartTime(
  { anchorMs, days, fromFiles }: Omit<KeptAccount, 'port' | 'token'>,
  nowMs: number,
): string {
  const oldestMs = nowMs - RETENTION_DAYS * DAY_MS + RETENTION_MARGIN_MS
  const fromMs = fromFiles ? oldestMs : Math.max(anchorMs - days * DAY_MS, oldestMs)
  return new Date(fromMs).toISOString().replace(/\.\d+/, '')
}

/**
 * Starts the simulated account of the data directory. The first time it has the given options, later it is the same
 * account again.
 */
export async function openKeptAccount(wanted: AccountRequest): Promise<CollectedAccount> {
  const file = join(wanted.dataDir, 'account.json')
  const known = readJson<KeptAccount>(file)
  if (known) refuseOtherAccount(known, wanted)
  const kept = known ?? planAccount(wanted)
  const account = await start(wanted, kept)
  writeJson(file, { ...kept, port: account.port, token: account.token })
  const history = kept.fromFiles
    ? 'events from files'
    : `seed ${kept.seed}, ${kept.days} ${kept.days === 1 ? 'day' : 'days'} of events`
  return {
    sourceName: '1Password (simulated)',
    description: `simulated (${history}), ${account.url}`,
    baseUrl: account.url,
    token: account.token,
    apis: API_NAMES,
    startTime: toStartTime(kept, wanted.clock.now()),
    close: () => account.close(),
  }
}
