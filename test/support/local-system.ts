import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClock, type LogLine } from 'aws-emulator'
import { type Account, type AccountOptions, startAccount } from '../../infra/local/account/account.ts'
import { type Stage, type StageNotice, type StageOptions, startStage } from '../../infra/local/stage.ts'
import { APIS, type Api } from '../../shared/contract/apis.ts'
import { RUN_ENDED, type RunReport } from '../../shared/contract/log-messages.ts'

import { filesBelow, temporaryDirectory } from './folders.ts'
import { objectLines } from './object-lines.ts'

interface SystemOptions extends Omit<Partial<StageOptions>, 'onLog' | 'onNotice'> {
  readonly account?: Partial<AccountOptions>
}

export interface SourceState {
  readonly state: string
  readonly errorType?: string
  readonly errorCode?: number
  readonly errorInfo?: string
}

export interface RegisteredIds {
  readonly collectorId: number
  readonly sourceId: number
}

/**
 * Returns a time in whole seconds. The service rounds a start_time down to the second, so this one is the exact begin.
 */
export const wholeSecond = (ms: number): string =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')

/** Returns the lines of one source and API in the lake of a data directory. */
export function lakeLines(dataDir: string, api: Api, sourceId: number): string[] {
  const files = filesBelow(join(dataDir, 'lake', 'events', `api=${api}`))
  return files
    .filter(file => file.includes(`/${sourceId}-`))
    .flatMap(file => objectLines(file, readFileSync(file)))
}

/** Removes `_metadata`, the last member of a line. What is left is the event as it was received. */
export const toReceivedEvent = (line: string): string =>
  `${line.slice(0, line.lastIndexOf(',"_metadata":{'))}}`

/**
 * Starts the whole system on this machine, with a simulated account. Nothing ticks by itself: the test calls `tick`.
 */
export async function localSystem({ account: accountOptions, ...options }: SystemOptions = {}) {
  const directory = options.dataDir === undefined ? temporaryDirectory() : undefined
  const dataDir = options.dataDir ?? directory?.path ?? ''
  const clock = options.clock ?? createClock({ speed: options.speed ?? 1 })
  const account: Account = await startAccount({ seed: 'test', days: 2, clock, ...accountOptions })
  const runs: RunReport[] = []
  const notices: StageNotice[] = []
  const lines: string[] = []
  const onLog = (line: LogLine): void => {
    const text = JSON.stringify(line)
    lines.push(text)
    const record = (line as { record?: { message?: string } }).record
    if (record?.message === RUN_ENDED) runs.push(record as unknown as RunReport)
  }
  let calls = 0
  let open = 0
  const stage: Stage = await startStage({
    schedule: false,
    ...options,
    async intercept(call, phase) {
      calls++
      const fault = await options.intercept?.(call, phase)
      if (phase === 'after') open--
      else if (!fault) open++
      return fault
    },
    dataDir,
    clock,
    onLog,
    onNotice: notice => notices.push(notice),
  })

  async function send(method: string, path: string, body?: object, more: Record<string, string> = {}) {
    const request = {
      method,
      path: `/api/v1/${path}`,
      ...(body && { body: JSON.stringify(body) }),
    }
    const headers = { ...stage.ownerHeaders(request), 'content-type': 'application/json', ...more }
    const response = await fetch(`${stage.url}${request.path}`, { ...request, headers })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return { text, etag: response.headers.get('etag') ?? '' }
  }

  /** Calls the admin URL and returns the body. Throws an error with status and body if the call does not succeed. */
  async function call<T>(...args: Parameters<typeof send>): Promise<T> {
    const { text } = await send(...args)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  async function read<T>(path: string): Promise<{ readonly body: T; readonly etag: string }> {
    const { text, etag } = await send('GET', path)
    return { body: JSON.parse(text) as T, etag }
  }

  const secretsText = (): string => readFileSync(join(dataDir, 'secrets.json'), 'utf8')

  let collectorId: number | undefined
  let names = 0

  async function collector(): Promise<number> {
    const body = {
      collector: {
        collectorType: 'Hosted',
        name: `Local ${Date.now()}`,
        category: 'test',
        fields: { team: 'blue' },
      },
    }
    collectorId ??= (
      await call<{ collector: { id: number } }>('POST', 'collectors?autoEnableFields=true', body)
    ).collector.id
    return collectorId
  }

  /** Registers a source, which starts collecting at once. */
  async function registerSource(config: object = {}): Promise<RegisteredIds> {
    const id = await collector()
    const defaults = {
      name: `Source ${++names}`,
      base_url: account.url,
      api_token: account.token,
      supported_apis: Object.keys(APIS),
      start_time: wholeSecond(clock.now() - 2 * 86_400_000),
    }
    const body = {
      source: {
        sourceType: 'Universal',
        schemaRef: { type: '1Password' },
        config: { ...defaults, ...config },
      },
    }
    const { source } = await call<{ source: { id: number } }>(
      'POST',
      `collectors/${id}/sources?autoEnableFields=true`,
      body,
    )
    return { collectorId: id, sourceId: source.id }
  }

  const readState = async ({ collectorId: cid, sourceId }: RegisteredIds): Promise<SourceState> =>
    (await call<{ source: { state: SourceState } }>('GET', `collectors/${cid}/sources/${sourceId}`)).source
      .state

  async function tick(): Promise<void> {
    stage.tick()
    await stage.idle()
  }

  async function close(): Promise<void> {
    await stage.close()
    await account.close()
    directory?.remove()
  }

  /** Returns a number that grows with everything that the functions do. */
  const progress = (): number => calls + lines.length + account.requests.length

  /** Returns how many calls to AWS are being carried out. */
  const openCalls = (): number => open

  const facts = { stage, account, clock, dataDir, runs, notices, lines, progress, openCalls }
  return { ...facts, call, read, secretsText, registerSource, stateOf: readState, tick, close }
}

export type LocalSystem = Awaited<ReturnType<typeof localSystem>>
