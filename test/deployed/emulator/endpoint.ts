import type { IncomingMessage } from 'node:http'
import { startLoopback } from '../../support/loopback.ts'
import type { Place, StackResources } from '../stack-resources.ts'
import { type EventBuses, eventBuses } from './event-bus.ts'
import { type ObjectStore, objectStore } from './object-store.ts'
import { type Secrets, secretsManager } from './secrets.ts'
import type { EmulatedService } from './service.ts'
import { tablesIn } from './tables.ts'

export interface Emulator {
  /** The endpoint of every service. */
  readonly url: string
  readonly objects: ObjectStore['objects']
  readonly secrets: Secrets['stored']
  readonly bus: Pick<EventBuses, 'take'>
  /** Requests that are not emulated, or that were signed by somebody else. Empty if all is well. */
  readonly unknown: readonly string[]
  /** How many calls there were, by service and operation. */
  readonly calls: Map<string, number>
  close(): Promise<void>
}

export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'ASIADEPLOYEDFUNCTION',
  AWS_SECRET_ACCESS_KEY: 'the-functions-secret-key',
  AWS_SESSION_TOKEN: 'the-functions-session-token',
}

const SCOPE = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=/

/** The service that a request is signed for. Throws unless the credentials and the region are the function's own. */
function findService({ headers }: IncomingMessage, region: string): string {
  const [, id, signedRegion, service = ''] = SCOPE.exec(headers.authorization ?? '') ?? []
  const known =
    id === CREDENTIALS.AWS_ACCESS_KEY_ID &&
    headers['x-amz-security-token'] === CREDENTIALS.AWS_SESSION_TOKEN &&
    signedRegion === region
  if (!known) throw new Error(`signed by ${id} for ${service} in ${signedRegion}`)
  return service
}

/** Returns the name of an operation. S3 has methods in place of names. */
const findOperation = ({ headers, method }: IncomingMessage): string =>
  String(headers['x-amz-target'] ?? method).replace(/^.*\./, '')

/**
 * Every service that the functions call, behind one endpoint. The scope of the signature tells which service is called. It
 * shares no code with the local stage, so that the two do not make the same mistakes.
 */
export async function startEmulator(
  resources: StackResources,
  { region, account, keepsBodies }: Place & { readonly keepsBodies: boolean },
): Promise<Emulator> {
  const unknown: string[] = []
  const calls = new Map<string, number>()
  const tell = (what: string) => void unknown.push(what)
  const s3 = objectStore(resources.buckets, tell, { keepsBodies })
  const secrets = secretsManager(
    resources.secrets,
    `arn:aws:secretsmanager:${region}:${account}:secret:`,
    tell,
  )
  const events = eventBuses(resources.buses, tell)
  const dynamodb = await tablesIn(resources.tables)
  const services: Readonly<Record<string, EmulatedService>> = {
    s3,
    secretsmanager: secrets,
    events,
    dynamodb,
  }
  const server = await startLoopback(async (request, response) => {
    try {
      const name = findService(request, region)
      const called = `${name} ${findOperation(request)}`
      calls.set(called, (calls.get(called) ?? 0) + 1)
      const service = services[name]
      if (!service) throw new Error(`no such service: ${request.headers.authorization}`)
      await service.handle(request, response)
    } catch (error) {
      tell(String(error))
      response.writeHead(501).end()
    }
  })
  return {
    url: server.url,
    objects: s3.objects,
    secrets: secrets.stored,
    bus: events,
    unknown,
    calls,
    async close() {
      await server.close()
      await dynamodb.close?.()
    },
  }
}
