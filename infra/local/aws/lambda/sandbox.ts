import { Worker } from 'node:worker_threads'
import type { VirtualClock } from '../clock/clock.ts'
import { failedInvocation, type InvocationResult } from './invocation.ts'
import type { ErrorReport, FromSandbox, InvocationRequest, SandboxSettings, ToSandbox } from './messages.ts'

/** This is real time, because how fast a bundle loads depends on the machine. */
const LOAD_TIMEOUT_MS = 60_000

/**
 * Every invocation has at least this much real time, unless its time-out is shorter. Its sockets do not follow
 * virtual time.
 */
const LEAST_REAL_MS = 5000

/** Returns how long a time-out is in virtual time of this speed, so that enough real time is left. */
export const stretchTimeoutMs = (timeoutMs: number, speed: number): number =>
  Math.max(timeoutMs, Math.min(timeoutMs, LEAST_REAL_MS) * speed)

interface SandboxParts {
  readonly settings: SandboxSettings
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly clock: VirtualClock
  /** Takes what the function prints, and the request that it belongs to. There is no request while the bundle loads. */
  readonly onOutput: (text: string, requestId: string | undefined) => void
}

/** One execution environment: a thread that loads the bundle and then carries out one invocation at a time. */
export interface Sandbox {
  /** Resolves to undefined when the bundle is loaded, or to the reason why it is not. */
  readonly loaded: Promise<ErrorReport | undefined>
  invoke(invocation: Omit<InvocationRequest, 'deadlineMs'>): Promise<InvocationResult>
  /** False once the thread has ended. */
  alive(): boolean
  terminate(): Promise<void>
}

type Ending = { readonly type: 'ended'; readonly error: ErrorReport }
type Outcome = Exclude<FromSandbox, { type: 'output' }> | Ending

const THREAD = new URL('worker.ts', import.meta.url)

const startThread = ({ settings, environment }: SandboxParts): Worker =>
  new Worker(THREAD, {
    name: settings.functionName,
    workerData: settings,
    env: environment,
    execArgv: [],
    // This limits the JavaScript heap, which is most of the memory. Memory outside the heap is not limited.
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
  })

/** Says why a thread ended, with the texts of Lambda's runtime. */
function toErrorReport(exitCode: number, error: unknown): ErrorReport {
  if (error === undefined) {
    const reason = exitCode === 0 ? 'without providing a reason' : `with error: exit status ${exitCode}`
    return { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited ${reason}` }
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' }
  }
  return { errorType: name, errorMessage: message, trace: stack?.split('\n') ?? [] }
}

/** Listens to a thread. `expect` resolves to its next outcome, or to its ending if it has ended. */
function followThread(worker: Worker, onOutput: (text: string) => void) {
  let ending: Ending | undefined
  let failure: unknown
  let waiting: ((outcome: Outcome) => void) | undefined
  const settle = (outcome: Outcome): void => {
    waiting?.(outcome)
    waiting = undefined
  }
  worker.on('message', (message: FromSandbox) =>
    message.type === 'output' ? onOutput(message.text) : settle(message),
  )
  worker.on('error', error => {
    failure = error
  })
  worker.on('exit', code => {
    ending = { type: 'ended', error: toErrorReport(code, failure) }
    settle(ending)
  })
  return {
    ended: () => ending !== undefined,
    expect: (): Promise<Outcome> =>
      new Promise(resolve => {
        if (ending) resolve(ending)
        else waiting = resolve
      }),
  }
}

async function awaitLoading(outcome: Promise<Outcome>, worker: Worker): Promise<ErrorReport | undefined> {
  const limit = setTimeout(() => worker.terminate(), LOAD_TIMEOUT_MS)
  const loaded = await outcome
  clearTimeout(limit)
  if (loaded.type === 'loaded') return undefined
  await worker.terminate()
  return 'error' in loaded ? loaded.error : undefined
}

function toResult(requestId: string, outcome: Outcome): InvocationResult {
  if (outcome.type === 'answered') return { requestId, payload: outcome.payload }
  if (outcome.type === 'threw') return failedInvocation(requestId, outcome.error)
  const { errorType, errorMessage, trace } = 'error' in outcome ? outcome.error : toErrorReport(0, undefined)
  const error = { errorType, errorMessage: `RequestId: ${requestId} Error: ${errorMessage}` }
  return failedInvocation(requestId, trace ? { ...error, trace } : error)
}

/** Starts a thread and begins to load the bundle. */
export function startSandbox(parts: SandboxParts): Sandbox {
  const { clock, timeoutMs } = parts
  const worker = startThread(parts)
  let requestId: string | undefined
  const thread = followThread(worker, text => parts.onOutput(text, requestId))
  const send = (message: ToSandbox): void => worker.postMessage(message)
  const stopListening = clock.onJump(() => send({ type: 'jumped' }))
  worker.once('exit', stopListening)
  const loaded = awaitLoading(thread.expect(), worker)

  return {
    loaded,
    alive: () => !thread.ended(),
    terminate: async () => void (await worker.terminate()),
    async invoke({ requestId: id, payload }) {
      requestId = id
      const outcome = thread.expect()
      const deadlineMs = clock.now() + stretchTimeoutMs(timeoutMs, clock.speed)
      send({ type: 'invoke', invocation: { requestId: id, payload, deadlineMs } })
      return await awaitWithinTime({ id, outcome, worker, clock, timeoutMs })
    },
  }
}

interface Timed {
  readonly id: string
  readonly outcome: Promise<Outcome>
  readonly worker: Worker
  readonly clock: VirtualClock
  readonly timeoutMs: number
}

async function awaitWithinTime({ id, outcome, worker, clock, timeoutMs }: Timed): Promise<InvocationResult> {
  const answered = new AbortController()
  const timedOut = clock.sleep(stretchTimeoutMs(timeoutMs, clock.speed), answered.signal).then(
    () => 'timed out' as const,
    () => 'answered' as const,
  )
  const first = await Promise.race([outcome, timedOut])
  answered.abort()
  if (typeof first === 'object') return toResult(id, first)
  await worker.terminate()
  const seconds = (timeoutMs / 1000).toFixed(2)
  const errorMessage = `RequestId: ${id} Error: Task timed out after ${seconds} seconds`
  return failedInvocation(id, { errorType: 'Sandbox.Timedout', errorMessage })
}
