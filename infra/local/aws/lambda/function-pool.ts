import { randomUUID } from 'node:crypto'
import type { VirtualClock } from '../clock/clock.ts'
import type { FunctionResource } from '../template/model.ts'
import { createConcurrencySlots } from './concurrency-slots.ts'
import { errorText, failedInvocation, type InvocationResult, limitAnswer } from './invocation.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { createWarmSandboxes } from './warm-sandboxes.ts'

/** How many threads a function without a reservation can have: enough for a burst, and few enough for one machine. */
const MOST_SANDBOXES = 24

export interface FunctionPool {
  readonly resource: FunctionResource
  /** Loads the bundle before the first invocation. Throws if it does not load. */
  warm(): Promise<void>
  /** Waits for a free slot and invokes the function. `payload` is JSON text. Never rejects. */
  invoke(payload: string, requestId?: string): Promise<InvocationResult>
  /**
   * Waits for a free slot and runs the work in it. The work may still decide not to invoke. An invocation by its
   * `invoke` starts at once.
   */
  withSlot<T>(work: (invoke: FunctionPool['invoke']) => Promise<T>): Promise<T>
  /** Whether an invocation would start at once. */
  hasRoom(): boolean
  /** Ends every thread. Invocations that run fail. */
  kill(): Promise<void>
  /** Ends every thread for good. Invocations that run are marked as abandoned. */
  close(): Promise<void>
}

interface PoolParts {
  readonly resource: FunctionResource
  readonly environment: Readonly<Record<string, string>>
  readonly clock: VirtualClock
  readonly onOutput: (text: string, requestId: string | undefined) => void
}

const createSandbox = ({ resource, environment, clock, onOutput }: PoolParts): Sandbox =>
  startSandbox({
    settings: {
      time: clock.shared,
      codeFolder: resource.codeFolder,
      handler: resource.handler,
      functionName: resource.name,
      functionArn: resource.arn,
      memoryMb: resource.memoryMb,
    },
    environment,
    timeoutMs: resource.timeoutMs,
    clock,
    onOutput,
  })

const CLOSED = { errorType: 'Stage.Closed', errorMessage: 'The local stage was closed.' }

/**
 * Creates the execution environments of one function. Warm ones are used again, and idle ones are ended after some
 * time.
 */
export function createFunctionPool(parts: PoolParts): FunctionPool {
  const { resource } = parts
  const sandboxes = createWarmSandboxes(() => createSandbox(parts))
  const slots = createConcurrencySlots(
    Math.min(resource.reservedConcurrency ?? MOST_SANDBOXES, MOST_SANDBOXES),
  )
  let closed = false

  const use = async (payload: string, requestId: string): Promise<InvocationResult> => {
    const sandbox = sandboxes.take()
    const unloaded = await sandbox.loaded
    const result = unloaded
      ? failedInvocation(requestId, unloaded)
      : limitAnswer(await sandbox.invoke({ requestId, payload }))
    sandboxes.giveBack(sandbox)
    return result
  }
  const invokeHere = async (payload: string, requestId: string = randomUUID()): Promise<InvocationResult> => {
    const result = closed ? failedInvocation(requestId, CLOSED) : await use(payload, requestId)
    // When the pool is closed, the emulator itself has ended the thread.
    return closed && result.functionError ? { ...result, abandoned: true } : result
  }
  const withSlot: FunctionPool['withSlot'] = async work => {
    await slots.take()
    try {
      return await work(invokeHere)
    } finally {
      slots.giveBack()
    }
  }

  return {
    resource,
    hasRoom: () => slots.free() > 0,
    withSlot,
    invoke: (payload, requestId) => withSlot(invoke => invoke(payload, requestId)),
    kill: sandboxes.terminateAll,
    async warm() {
      const sandbox = sandboxes.take()
      const error = await sandbox.loaded
      sandboxes.giveBack(sandbox)
      if (error)
        throw new Error(`${resource.logicalId} does not load: ${errorText(failedInvocation('', error))}`)
    },
    async close() {
      closed = true
      await sandboxes.terminateAll()
    },
  }
}
