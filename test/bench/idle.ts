import type { IncomingMessage } from 'node:http'
import type { LambdaProcess } from '../deployed/lambda-process.ts'
import { startLoopback } from '../support/loopback.ts'
import { cpuShare } from './cpu-share.ts'
import { cursorFor, INTROSPECTION } from './pages.ts'
import type { Product } from './product.ts'
import { rounded, table } from './statistics.ts'

/** What a run of `collect` does that finds no event, in an environment that has had some runs before. */
export interface IdleResult {
  readonly runs: number
  /** Calls of one run, by service and operation. */
  readonly callsPerRun: Readonly<Record<string, number>>
  readonly cpuMsPerRun: number
  /** The same work with the share of a core that the template's memory gives the function. */
  readonly msPerRunAsDeployed: number
  readonly memoryMb: number
}

const WARM_UP = 50
const RUNS = 200

const EMPTY_PAGE = JSON.stringify({ cursor: cursorFor(1), has_more: false, items: [] })

const isIntrospection = ({ method }: IncomingMessage): boolean => method === 'GET'

/** An account without events, which counts its requests. */
async function startEmptyAccount() {
  let requests = 0
  const server = await startLoopback((request, response) => {
    requests++
    request.resume()
    response.setHeader('content-type', 'application/json')
    response.end(isIntrospection(request) ? INTROSPECTION : EMPTY_PAGE)
  })
  return { ...server, requests: () => requests }
}

async function invoke(collect: LambdaProcess, event: unknown, times: number): Promise<void> {
  for (let run = 0; run < times; run++) await collect.invoke(event)
}

function difference(after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) {
  const counts = [...after].map(([name, count]) => [name, (count - (before.get(name) ?? 0)) / RUNS] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** Counts what healthy runs use that find nothing. */
export async function measureIdle(product: Product): Promise<IdleResult> {
  const account = await startEmptyAccount()
  const [event] = await product.register(account.url, ['sign-in'])
  const collect = await product.startCollect()
  try {
    await invoke(collect, event, WARM_UP)
    const before = { calls: new Map(product.calls), requests: account.requests(), ...collect.usage() }
    await invoke(collect, event, RUNS)
    const cpuMs = ((collect.usage().cpuSeconds - before.cpuSeconds) * 1000) / RUNS
    return {
      runs: RUNS,
      callsPerRun: {
        '1Password': (account.requests() - before.requests) / RUNS,
        ...difference(product.calls, before.calls),
      },
      cpuMsPerRun: rounded(cpuMs),
      msPerRunAsDeployed: rounded(cpuMs / cpuShare(product.collectMemoryMb)),
      memoryMb: product.collectMemoryMb,
    }
  } finally {
    await collect.stop()
    await account.close()
  }
}

export const idleTable = ({ callsPerRun, cpuMsPerRun, msPerRunAsDeployed, memoryMb }: IdleResult): string =>
  table(
    ['a run without events, warm', ''],
    [
      ...Object.entries(callsPerRun).map(([name, calls]) => [`calls: ${name}`, calls] as const),
      ['CPU ms', cpuMsPerRun],
      [`ms with the CPU of ${memoryMb} MB`, msPerRunAsDeployed],
    ],
  )
