import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { startLoopback } from './loopback.ts'

export interface ServiceCall {
  /** e.g. PutEvents */
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

export interface ServiceAnswer {
  readonly status?: number
  readonly body: object
}

export interface JsonService {
  /** Configuration for a client of the AWS SDK that speaks to this server and tries once. */
  readonly client: {
    readonly endpoint: string
    readonly region: string
    readonly maxAttempts: number
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
  readonly calls: ServiceCall[]
  close(): Promise<void>
}

const readOperation = ({ headers }: IncomingMessage): string =>
  String(headers['x-amz-target']).split('.').at(-1) ?? ''

/** Starts a loopback server that speaks the JSON protocol of AWS. It checks no signature. */
export async function startJsonService(answer: (call: ServiceCall) => ServiceAnswer): Promise<JsonService> {
  const calls: ServiceCall[] = []
  const server = await startLoopback(async (request, response) => {
    const call = { operation: readOperation(request), input: JSON.parse(await text(request)) }
    calls.push(call)
    const { status = 200, body } = answer(call)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  })
  return {
    calls,
    client: {
      endpoint: server.url,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    },
    close: () => server.close(),
  }
}
