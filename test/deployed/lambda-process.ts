import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startLoopback } from '../support/loopback.ts'
import type { ProcessUsage } from '../support/process-usage.ts'
import type { DeployedFunction } from './stack-resources.ts'

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.ts')

export interface LambdaProcess {
  /** The answer of the handler. Throws what the handler threw, and what ended the process. */
  invoke(event: unknown): Promise<unknown>
  /** Milliseconds from the process's start until it asked for its first event. */
  readonly initMs: number
  /** What it had used when it called the Runtime API last. */
  usage(): ProcessUsage
  readonly pid: number | undefined
  /** Everything that it wrote. */
  output(): string
  stop(): Promise<void>
}

interface Invocation {
  readonly id: string
  readonly event: unknown
  readonly ended: PromiseWithResolvers<unknown>
}

/** An error as the function reported it: its type, message and trace. */
function toFailure(body: string): Error {
  const { errorType, errorMessage, trace } = JSON.parse(body) as Record<string, string>
  const error = new Error(errorMessage, { cause: trace })
  error.name = errorType ?? 'Error'
  return error
}

/**
 * The deployed bundle in a process of its own, behind the Runtime API of Lambda (2018-06-01). The process has the given
 * environment and nothing else. Throws what its initialization threw.
 */
export async function startLambda(
  { folder, handler, arn, timeoutMs }: DeployedFunction,
  env: Readonly<Record<string, string>>,
): Promise<LambdaProcess> {
  const waiting: Invocation[] = []
  const running = new Map<string, Invocation>()
  const ready = Promise.withResolvers<number>()
  let idle: ServerResponse | undefined
  let death: Error | undefined
  let usage: ProcessUsage = { cpuSeconds: 0, peakMb: 0 }
  const written: Buffer[] = []

  function handOver(): void {
    if (!idle || waiting.length === 0) return
    const response = idle
    const { id, event, ended } = waiting.shift() as Invocation
    idle = undefined
    running.set(id, { id, event, ended })
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
      'lambda-runtime-invoked-function-arn': arn,
      'lambda-runtime-trace-id': `Root=1-${id.slice(0, 8)}-${id.replaceAll('-', '').slice(8)};Sampled=0`,
    })
    response.end(JSON.stringify(event))
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/2018-06-01/runtime', '')
    const told = request.headers['x-process-usage']
    if (told !== undefined) usage = JSON.parse(String(told)) as ProcessUsage
    if (path === '/invocation/next') {
      ready.resolve(performance.now() - startedAt)
      idle = response
      return handOver()
    }
    const body = await text(request)
    response.writeHead(202).end('{"status":"OK"}')
    if (path === '/init/error') return ready.reject(toFailure(body))
    const [, , id = '', what] = path.split('/')
    const { ended } = running.get(id) ?? {}
    running.delete(id)
    if (what === 'response') ended?.resolve(JSON.parse(body))
    else ended?.reject(toFailure(body))
  }

  const api = await startLoopback((request, response) => {
    take(request, response).catch(error => response.writeHead(400).end(String(error)))
  })
  const startedAt = performance.now()
  const child = spawn(process.execPath, [BOOTSTRAP, new URL(api.url).host, folder, handler], {
    env,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => written.push(chunk))
  const exited = once(child, 'exit').then(([code, signal]) => {
    death = new Error(`Runtime exited with ${signal ?? `status ${code}`}: ${Buffer.concat(written)}`)
    ready.reject(death)
    for (const { ended } of [...running.values(), ...waiting]) ended.reject(death)
  })

  async function stop(): Promise<void> {
    child.kill('SIGKILL')
    await exited
    await api.close()
  }

  try {
    const initMs = await ready.promise
    return {
      initMs,
      pid: child.pid,
      usage: () => usage,
      async invoke(event) {
        if (death) throw death
        const invocation = { id: randomUUID(), event, ended: Promise.withResolvers<unknown>() }
        waiting.push(invocation)
        handOver()
        return invocation.ended.promise
      },
      output: () => Buffer.concat(written).toString('utf8'),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
