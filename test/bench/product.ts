import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Api } from '../../shared/contract/apis.ts'
import { COLLECTION_DUE } from '../../shared/contract/events.ts'
import { type DeployedSystem, startDeployedSystem } from '../deployed/deployed-system.ts'
import type { BusEvent } from '../deployed/emulator/event-bus.ts'
import type { LambdaProcess } from '../deployed/lambda-process.ts'
import { type UrlAnswer, urlRequest } from '../deployed/url-request.ts'

/** A token of the form that 1Password gives out. It never expires. */
const TOKEN = ['{"alg":"ES256"}', '{"aud":["com.1password.streamingservice"]}', 'signature']
  .map(part => Buffer.from(part).toString('base64url'))
  .join('.')

/** See fast-clock.ts. The function's time-out is as many times longer. */
const FAST_CLOCK = {
  environment: {
    NODE_OPTIONS: `--enable-source-maps --import=${pathToFileURL(join(import.meta.dirname, 'fast-clock.ts')).href}`,
  },
  timeoutMs: 1e9,
}

export interface Product {
  /** Creates a source for an account, and returns what the bus has for collect. */
  register(baseUrl: string, apis: readonly Api[]): Promise<readonly BusEvent[]>
  startCollect(): Promise<LambdaProcess>
  /** What the template gives collect. */
  readonly collectMemoryMb: number
  close(): Promise<void>
}

function authorization({ emulator }: DeployedSystem): string {
  const [secret] = [...emulator.secrets.values()]
  const { accessId, accessKey } = JSON.parse(secret?.versions.get(secret.current) ?? '{}')
  return `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`
}

/** Starts the bundles that would be deployed, over an emulator that forgets what is put into the lake. */
export async function startProduct(): Promise<Product> {
  const system = await startDeployedSystem({ keepsBodies: false })
  const admin = await system.start('admin')
  let names = 0

  async function create(path: string, body: object): Promise<Record<string, { readonly id: number }>> {
    const request = urlRequest('POST', `/api/v1/${path}`, { authorization: authorization(system), body })
    const answer = (await admin.invoke(request)) as UrlAnswer
    if (answer.statusCode !== 201) throw new Error(`admin answers ${answer.statusCode}: ${answer.body}`)
    return JSON.parse(answer.body)
  }

  return {
    async register(baseUrl, apis) {
      names++
      const { collector } = await create('collectors', {
        collector: { collectorType: 'Hosted', name: `Bench ${names}` },
      })
      const config = {
        name: 'Bench',
        base_url: baseUrl,
        api_token: TOKEN,
        supported_apis: apis,
        start_time: new Date(Date.now() - 86_400_000).toISOString().slice(0, 19).concat('Z'),
      }
      const source = { sourceType: 'Universal', schemaRef: { type: '1Password' }, config }
      await create(`collectors/${collector?.id}/sources`, { source })
      return system.emulator.bus.take().filter(event => event['detail-type'] === COLLECTION_DUE)
    },
    collectMemoryMb: system.functions.find(({ name }) => name === 'collect')?.memoryMb ?? Number.NaN,
    startCollect: () => system.start('collect', FAST_CLOCK),
    async close() {
      if (system.emulator.unknown.length > 0) throw new Error(system.emulator.unknown.join('\n'))
      await system.close()
    },
  }
}
