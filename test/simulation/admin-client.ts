import type { Context } from 'aws-lambda'
import { adminApi } from '../../functions/admin/admin-api.ts'
import type { AdminPorts } from '../../functions/admin/admin-ports.ts'
import type { AdminRequest } from '../../functions/admin/http/message.ts'
import { ADMIN_TIMEOUT_SECONDS } from '../../shared/contract/timing.ts'
import { checkSecrecy } from './function-ports.ts'
import { beginProcess, createInstance } from './instance.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: object
  readonly etag?: string
}

export interface AdminAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly etag: string
}

/** Calls the management API. Returns undefined if no answer came. */
export type AdminClient = (call: AdminCall) => Promise<AdminAnswer | undefined>

function requestOf({ method, path, body, etag }: AdminCall, requestId: string): AdminRequest {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(etag !== undefined && { 'If-Match': etag }),
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'simulation',
      domainName: '127.0.0.1',
      domainPrefix: '127',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'simulation' },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  }
}

/** Creates a client of the admin function. Each call runs in a new instance of the function. */
export function createAdminClient(world: World, portsOf: (process: Process) => AdminPorts): AdminClient {
  let calls = 0
  return async call => {
    const { promise, resolve } = Promise.withResolvers<AdminAnswer | undefined>()
    const requestId = world.random.uuid()
    const process = beginProcess(world, {
      name: `admin#${++calls} ${call.method}`,
      requestId,
      instance: createInstance(world),
      timeoutMs: ADMIN_TIMEOUT_SECONDS * 1000,
      onDeath: () => resolve(undefined),
    })
    const handler = adminApi(portsOf(process))
    const answering = handler(requestOf(call, requestId), { awsRequestId: requestId } as Context)
    void answering.then(({ statusCode = 0, headers = {}, body = '' }) => {
      if (!process.alive) return
      process.alive = false
      world.trace.note(process.name, `answers ${statusCode}`)
      checkSecrecy(world.verdict, 'answer of admin', [headers, body])
      const etag = String(headers['etag'] ?? headers['ETag'] ?? '')
      resolve({ status: statusCode, body: body === '' ? {} : JSON.parse(body), etag })
    })
    return promise
  }
}
