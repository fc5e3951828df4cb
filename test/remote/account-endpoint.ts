import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import {
  type EmulatedService,
  type JsonOperation,
  jsonService,
  Refusal,
} from '../deployed/emulator/service.ts'
import { tablesIn } from '../deployed/emulator/tables.ts'
import { startLoopback } from '../support/loopback.ts'

type Operations = Readonly<Record<string, JsonOperation>>

/** Makes, lists and deletes things that have nothing but a name. */
function named(names: Set<string>) {
  return {
    make(name: string): void {
      if (names.has(name)) throw new Refusal('ResourceExistsException', `${name} exists`)
      names.add(name)
    },
    delete(name: string): void {
      if (!names.delete(name)) throw new Refusal('ResourceNotFoundException', `no ${name}`)
    },
    list: (prefix: string): string[] => [...names].filter(name => name.startsWith(prefix)),
  }
}

function secretOperations(names: Set<string>): Operations {
  const secrets = named(names)
  return {
    CreateSecret: {
      members: ['Name', 'SecretString', 'ClientRequestToken'],
      run({ Name }) {
        secrets.make(String(Name))
        return { Name, ARN: Name }
      },
    },
    ListSecrets: {
      members: ['Filters'],
      run({ Filters }) {
        const [{ Values: [prefix = ''] = [] } = {}] = Filters as { readonly Values?: readonly string[] }[]
        return { SecretList: secrets.list(prefix).map(Name => ({ Name })) }
      },
    },
    DeleteSecret: {
      members: ['SecretId', 'ForceDeleteWithoutRecovery'],
      run({ SecretId }) {
        secrets.delete(String(SecretId))
        return { Name: SecretId }
      },
    },
  }
}

function busOperations(names: Set<string>): Operations {
  const buses = named(names)
  return {
    CreateEventBus: {
      members: ['Name'],
      run({ Name }) {
        buses.make(String(Name))
        return { EventBusArn: Name }
      },
    },
    ListEventBuses: {
      members: ['NamePrefix'],
      run: ({ NamePrefix }) => ({
        EventBuses: buses.list(String(NamePrefix)).map(Name => ({ Name })),
      }),
    },
    DeleteEventBus: {
      members: ['Name'],
      run({ Name }) {
        buses.delete(String(Name))
        return {}
      },
    },
    PutEvents: {
      members: ['Entries'],
      run({ Entries }) {
        const entries = Entries as readonly { readonly EventBusName: string }[]
        for (const { EventBusName } of entries)
          if (!names.has(EventBusName)) throw new Error(`no ${EventBusName}`)
        return { FailedEntryCount: 0, Entries: entries.map((_, i) => ({ EventId: `e${i}` })) }
      },
    },
  }
}

const xml = (root: string, inner: string): string => `<?xml version="1.0"?><${root}>${inner}</${root}>`

/** Objects by bucket. A bucket that is not empty cannot be deleted, as in S3. */
function bucketService(buckets: Map<string, Set<string>>): EmulatedService {
  function answer(method: string, { pathname, searchParams }: URL, body: string): string | number {
    const [, bucket = '', ...parts] = pathname.split('/')
    const objects = buckets.get(bucket)
    if (method === 'GET' && bucket === '') {
      const names = [...buckets.keys()].map(name => `<Bucket><Name>${name}</Name></Bucket>`)
      return xml('ListAllMyBucketsResult', `<Buckets>${names.join('')}</Buckets>`)
    }
    if (method === 'PUT' && parts.join('') === '') buckets.set(bucket, new Set())
    else if (!objects) return 404
    else if (method === 'GET') {
      const contents = [...objects].map(key => `<Contents><Key>${key}</Key></Contents>`)
      return xml('ListBucketResult', `<IsTruncated>false</IsTruncated>${contents.join('')}`)
    } else if (method === 'POST' && searchParams.has('delete')) {
      for (const [, key = ''] of body.matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(key)
      return xml('DeleteResult', '')
    } else if (method === 'DELETE') {
      if (objects.size > 0) return 409
      buckets.delete(bucket)
      return 204
    }
    return 200
  }

  return {
    async handle(request: IncomingMessage, response: ServerResponse) {
      const body = String(await buffer(request))
      const result = answer(request.method ?? '', new URL(request.url ?? '', 'http://s3'), body)
      if (typeof result === 'number') response.writeHead(result).end()
      else response.writeHead(200, { 'content-type': 'application/xml' }).end(result)
    },
  }
}

/**
 * An account as far as the remote tests make resources in one and remove them. The suites themselves need more, the bus
 * apart.
 */
export async function startAccount() {
  const secrets = new Set<string>()
  const buses = new Set<string>()
  const buckets = new Map<string, Set<string>>()
  const unknown: string[] = []
  const tell = (what: string) => void unknown.push(what)
  const dynamodb = await tablesIn([])
  const services: Readonly<Record<string, EmulatedService>> = {
    dynamodb,
    s3: bucketService(buckets),
    secretsmanager: jsonService('secretsmanager', secretOperations(secrets), tell),
    events: jsonService('AWSEvents', busOperations(buses), tell),
  }
  const server = await startLoopback(async (request, response) => {
    const [, name = ''] =
      /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? []
    await services[name]?.handle(request, response)
  })
  return {
    url: server.url,
    secrets,
    buses,
    buckets,
    unknown,
    async close() {
      await server.close()
      await dynamodb.close?.()
    },
  }
}

export type Account = Awaited<ReturnType<typeof startAccount>>
