import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { createLambdaContext, type Handler, loadHandler } from './handler.ts'
import type { ErrorReport, FromSandbox, InvocationRequest, SandboxSettings, ToSandbox } from './messages.ts'
import { installVirtualTime } from './virtual-time.ts'

/** The largest answer of a function, as on AWS. */
const MAX_ANSWER_BYTES = 6_291_556

const toErrorReport = (error: unknown): ErrorReport => {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
  const trace = error.stack?.split('\n') ?? []
  return { errorType: error.name, errorMessage: error.message, trace }
}

/** Sends printed text over the same port as the answers. So it always arrives before the answer of its invocation. */
function captureOutput(send: (message: FromSandbox) => void): void {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    send({ type: 'output', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() })
    const done = rest.at(-1)
    if (typeof done === 'function') done()
    return true
  }
  Object.assign(process.stdout, { write })
  Object.assign(process.stderr, { write })
}

/** Hides the machine's own ~/.aws from the function. */
function hideHome(): void {
  Object.assign(os, { homedir: () => '/home/sbx_user1051' })
  syncBuiltinESMExports()
}

async function answer(
  handler: Handler,
  settings: SandboxSettings,
  invocation: InvocationRequest,
): Promise<FromSandbox> {
  try {
    const value = await handler(JSON.parse(invocation.payload), createLambdaContext(settings, invocation))
    const payload = JSON.stringify(value) ?? 'null'
    if (Buffer.byteLength(payload) <= MAX_ANSWER_BYTES) return { type: 'answered', payload }
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`
    return { type: 'threw', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } }
  } catch (error) {
    return { type: 'threw', error: toErrorReport(error) }
  }
}

/** Makes the thread look like Lambda, loads the bundle, and carries out the invocations that it is sent. */
async function run(port: MessagePort, settings: SandboxSettings): Promise<void> {
  const send = (message: FromSandbox): void => port.postMessage(message)
  captureOutput(send)
  hideHome()
  const afterJump = installVirtualTime(settings.time)
  const loading = loadHandler(settings)
  port.on('message', async (message: ToSandbox) => {
    if (message.type === 'jumped') afterJump()
    else send(await answer(await loading, settings, message.invocation))
  })
  try {
    await loading
    send({ type: 'loaded' })
  } catch (error) {
    send({ type: 'failed to load', error: toErrorReport(error) })
  }
}

if (parentPort) void run(parentPort, workerData as SandboxSettings)
