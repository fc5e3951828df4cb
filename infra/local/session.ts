import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { LogLine, VirtualClock } from 'aws-emulator'
import {
  DESTINATION_TITLES,
  type DestinationKind,
  LOOPBACK_ORIGIN,
} from '../../shared/contract/destinations.ts'
import { EVENTS_PREFIX } from '../../shared/contract/lake-layout.ts'
import { createConsole, formatDuration, formatNotice } from './console.ts'
import { type LocalDestination, openKeptDestination } from './destination/kept-destination.ts'
import { openKeptAccount } from './kept-account.ts'
import { findFailures, formatSummary } from './once.ts'
import type { Options } from './options.ts'
import { accessKeyFile, ownerFile } from './owner-access.ts'
import { toRealAccount } from './real-account.ts'
import { type CollectedAccount, fetchSource, type Registered, register } from './registration.ts'
import { createRunTotals, type RunTotals, readRunReport } from './run-totals.ts'
import { type Stage, type StageNotice, startStage } from './stage.ts'
import { formatTable } from './text-table.ts'

/** Real time that runs have to finish after Ctrl-C. */
const GRACE_MS = 10_000
/**
 * The terminal sends a Ctrl-C to this process and to npm, and npm passes it on. So two signals within this time count
 * as one.
 */
const SAME_INTERRUPT_MS = 500

type Environment = Readonly<Record<string, string | undefined>>

const print = (line: string): void => console.log(line)

const printEnding = (): void =>
  print(`Ending: runs in flight get ${GRACE_MS / 1000} seconds to finish; Ctrl-C again ends at once.`)

interface Session {
  readonly stage: Stage
  readonly registered: Registered | undefined
  readonly totals: RunTotals
  /** Function errors, dead letters and lost events, as sentences. */
  readonly notices: readonly string[]
}

/** Runs the local stage as the command line says until it ends. Returns the exit code. */
export async function runStage(options: Options, environment: Environment): Promise<number> {
  const interrupted = awaitInterruption()
  const session = await openSession(options, environment)
  const { stage } = session
  if (options.once) {
    const ended = await Promise.race([runOnce(session), interrupted.then(() => 'interrupted' as const)])
    if (ended === 'interrupted') printEnding()
    await stage.close({ graceMs: ended === 'interrupted' ? GRACE_MS : 0 })
    return ended === 'interrupted' ? 130 : ended
  }
  stage.startSchedule()
  await interrupted
  printEnding()
  await stage.close({ graceMs: GRACE_MS })
  return 0
}

/** Resolves at the first Ctrl-C. A second one ends the process. */
const awaitInterruption = (): Promise<void> =>
  new Promise(resolve => {
    let firstMs: number | undefined
    const interrupt = (): void => {
      if (firstMs !== undefined && Date.now() - firstMs > SAME_INTERRUPT_MS) process.exit(130)
      firstMs ??= Date.now()
      resolve()
    }
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', interrupt)
  })

async function openSession(options: Options, environment: Environment): Promise<Session> {
  const { dataDir, access } = options
  const totals = createRunTotals()
  const notices: string[] = []
  let account: CollectedAccount | undefined
  let destination: LocalDestination | undefined
  let clock: Pick<VirtualClock, 'now'> = Date
  let stage: Stage | undefined
  const view = createConsole({
    print,
    now: () => clock.now(),
    idle: async () => await stage?.idle(),
    colours: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  })
  print(
    `Starting in ${dataDir}; the first start after a change builds the functions and takes some seconds longer.\n`,
  )
  stage = await startStage({
    dataDir,
    port: options.port,
    speed: options.speed,
    schedule: false,
    ...(access && { accessKey: access }),
    ...(options.destination && { context: toContext(options.destination) }),
    async companion(given) {
      clock = given
      account = await openAccount(options, environment, given)
      if (options.destination) destination = await openDestination(options.destination, dataDir)
      return {
        async close() {
          await account?.close()
          await destination?.close()
        },
      }
    },
    onLog(line: LogLine) {
      const report = readRunReport(line)
      if (report) totals.add(report)
      view.log(line)
    },
    onNotice(notice: StageNotice) {
      notices.push(formatNotice(notice))
      view.notice(notice)
    },
    onExecution: view.execution,
  })
  try {
    printIntroduction(stage, options, account, destination)
    if (stage.passedMs > 0) print(describeJump(stage.passedMs))
    const registered = account && (await register(stage, dataDir, account, destination))
    if (registered) print(registered.isNew ? 'Registered its source.' : 'Its source is registered already.')
    return { stage, registered, totals, notices }
  } catch (error) {
    await stage.close()
    throw error
  }
}

/** The stack has the rights for this kind alone, and may send to this machine. */
const toContext = (destination: DestinationKind) => ({
  destinations: destination,
  destinationHosts: [LOOPBACK_ORIGIN],
})

const openDestination = (kind: DestinationKind, dataDir: string): Promise<LocalDestination> =>
  openKeptDestination(dataDir, kind, ({ length }) =>
    print(`${DESTINATION_TITLES[kind]} takes ${length} ${length === 1 ? 'event' : 'events'}.`),
  )

const describeJump = (passedMs: number): string =>
  `An earlier stage left runs unfinished: virtual time jumps ${formatDuration(passedMs / 1000)} ahead, past their leases.`

async function openAccount(
  { account, dataDir, seed, days, eventFiles }: Options,
  environment: Environment,
  clock: VirtualClock,
): Promise<CollectedAccount | undefined> {
  if (!account) return undefined
  const token = environment['OP_EVENTS_TOKEN']
  if (token) return toRealAccount(token, environment['OP_EVENTS_BASE_URL'])
  return await openKeptAccount({
    dataDir,
    clock,
    eventFiles,
    ...(seed !== undefined && { seed }),
    ...(days !== undefined && { days }),
  })
}

/** With SigV4 a browser cannot open the page itself. */
const consolePlace = ({ accessKey, url }: Stage): string => (accessKey ? `${url}/` : 'npm run console')

const credentialRows = ({ accessKey }: Stage, dataDir: string): string[][] =>
  accessKey
    ? [
        ['Access id', accessKey.accessId],
        ['Access key', `in ${accessKeyFile(dataDir)}`],
      ]
    : [['Credentials', `for signing with SigV4 in ${ownerFile(dataDir)}`]]

/** Prints where everything is. The key itself stays in its file. */
function printIntroduction(
  stage: Stage,
  { dataDir, speed }: Options,
  account: CollectedAccount | undefined,
  destination: LocalDestination | undefined,
): void {
  const lake = stage.deployment.buckets[0]?.folder ?? ''
  const rows = [
    ['Console', consolePlace(stage)],
    ['Admin URL', stage.url],
    ...credentialRows(stage, dataDir),
    ['Events', join(dataDir, lake, EVENTS_PREFIX)],
    ['Logs', join(dataDir, 'logs/')],
    ['Account', account?.description ?? 'none'],
    ...(destination
      ? [
          ['Destination', `${destination.description}; what it has taken: ${destination.file}`],
          ['', `npm run account -- mode 503 --destination ${destination.kind} makes it misbehave`],
        ]
      : []),
    ...(speed === 1 ? [] : [['Time', `${speed} times real time`]]),
  ]
  print(`${formatTable(rows)}\n`)
}

/** Collects everything and prints a summary. Returns the exit code. */
async function runOnce({ stage, registered, totals, notices }: Session): Promise<number> {
  await stage.idle()
  stage.tick()
  await stage.idle()
  // Lets the console print the line of the tick first.
  await delay(0)
  const tasks = totals.tasks()
  const shown = registered && (await fetchSource(stage, registered))
  const source = shown && { ...shown, sourceId: registered.sourceId }
  print(`\n${formatSummary(tasks)}`)
  const reasons = findFailures({ tasks, notices, source })
  for (const reason of reasons) process.stderr.write(`${reason}\n`)
  return reasons.length > 0 ? 1 : 0
}
