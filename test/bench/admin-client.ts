import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DeployedSystem } from '../deployed/deployed-system.ts'
import type { LambdaProcess } from '../deployed/lambda-process.ts'
import { type UrlAnswer, urlRequest } from '../deployed/url-request.ts'

/** A token of the form that 1Password gives out. It never expires. */
const TOKEN = ['{"alg":"ES256"}', '{"aud":["com.1password.streamingservice"]}', 'signature']
  .map(part => Buffer.from(part).toString('base64url'))
  .join('.')

/** See fast-clock.ts. The function's time-out is as many times longer. */
export const FAST_CLOCK = {
  environment: {
    NODE_OPTIONS: `--enable-source-maps --import=${pathToFileURL(join(import.meta.dirname, 'fast-clock.ts')).href}`,
  },
  timeoutMs: 1e9,
}

/** A source with these APIs and this address, as the management API takes it. */
export const describeSource = (name: string, baseUrl: string, apis: readonly string[]) => ({
  source: {
    sourceType: 'Universal',
    schemaRef: { type: '1Password' },
    config: {
      name,
      base_url: baseUrl,
      api_token: TOKEN,
      supported_apis: apis,
      start_time: new Date(Date.now() - 86_400_000).toISOString().slice(0, 19).concat('Z'),
    },
  },
})

/** The management API of a deployed system. */
export interface AdminClient {
  readonly process: LambdaProcess
  /** Returns the answer. Throws unless it has this status. */
  call(method: string, path: string, status: number, body?: object): Promise<UrlAnswer>
  /** Creates a collector or a source, and returns its id. */
  create(path: string, body: object): Promise<number>
}

function authorization({ emulator }: DeployedSystem): string {
  const [secret] = [...emulator.secrets.values()]
  const { accessId, accessKey } = JSON.parse(secret?.versions.get(secret.current) ?? '{}')
  return `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`
}

/** Starts the function with a fast clock, so that the limit of calls is out of the way. */
export async function startAdmin(system: DeployedSystem): Promise<AdminClient> {
  const process = await system.start('admin', FAST_CLOCK)

  async function call(method: string, path: string, status: number, body?: object): Promise<UrlAnswer> {
    const request = urlRequest(method, `/api/v1/${path}`, {
      authorization: authorization(system),
      ...(body && { body }),
    })
    const answer = (await process.invoke(request)) as UrlAnswer
    if (answer.statusCode !== status) throw new Error(`admin answers ${answer.statusCode}: ${answer.body}`)
    return answer
  }

  async function create(path: string, body: object): Promise<number> {
    const answer = await call('POST', path, 201, body)
    const [created] = Object.values(JSON.parse(answer.body) as Record<string, { readonly id: number }>)
    if (!created) throw new Error(`admin answers ${answer.body}`)
    return created.id
  }

  return { process, call, create }
}
