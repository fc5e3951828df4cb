import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readOwnUsage } from '../support/process-usage.ts'

/**
 * What Lambda's managed runtime for Node 24 does with a bundle: it imports the handler once, then asks the Runtime API
 * for one event after the other. Arguments rather than variables say what to run: the environment is the template's.
 */
const [api = '', folder = '', handlerName = ''] = process.argv.slice(2)

/** Ends the process as the managed runtime does when its function has died. */
const DIED = 129

interface Reply {
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function call(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  return new Promise<Reply>((resolve, reject) => {
    const [host, port] = api.split(':')
    const options = { host, port, method, agent, headers, path: `/2018-06-01/runtime${path}` }
    const asked = request(options, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

function tellError(path: string, error: unknown): Promise<Reply> {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const body = { errorType: name, errorMessage: message, trace: stack?.split('\n') ?? [] }
  return call('POST', path, JSON.stringify(body), {
    'content-type': 'application/json',
    'lambda-runtime-function-error-type': name,
  })
}

type Handler = (event: unknown, context: object) => unknown

async function load(): Promise<Handler> {
  const [file, member = ''] = handlerName.split('.')
  const loaded = await import(pathToFileURL(join(folder, `${file}.mjs`)).href)
  const handler = loaded[member] as Handler | undefined
  if (typeof handler !== 'function') throw new Error(`${handlerName} is undefined or not exported`)
  // Node 24 on Lambda takes no handler with a callback.
  if (handler.length > 2) throw new Error(`${handlerName} takes a callback`)
  return handler
}

function createContext(headers: Reply['headers']) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms'])
  const invokedFunctionArn = String(headers['lambda-runtime-invoked-function-arn'])
  return {
    awsRequestId: String(headers['lambda-runtime-aws-request-id']),
    invokedFunctionArn,
    functionName: invokedFunctionArn.split(':').at(-1),
    functionVersion: '$LATEST',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  }
}

/** The invocation under way, for what is thrown outside of it. */
let current = ''

/** Lambda's runtime sends no such header. It is for measurements. */
const usageHeader = (): Record<string, string> => ({ 'x-process-usage': JSON.stringify(readOwnUsage()) })

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next', undefined, usageHeader())
    const context = createContext(headers)
    current = `/invocation/${context.awsRequestId}`
    try {
      const answer = await handler(JSON.parse(body), context)
      await call('POST', `${current}/response`, JSON.stringify(answer) ?? 'null', usageHeader())
    } catch (error) {
      await tellError(`${current}/error`, error)
    }
  }
}

async function die(error: unknown): Promise<never> {
  await tellError(current === '' ? '/init/error' : `${current}/error`, error)
  process.exit(DIED)
}

process.on('uncaughtException', die)
process.on('unhandledRejection', die)
await serve(await load().catch(die))
