import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import { accessKeyStore } from '../../../shared/adapters/access-key-store.ts'
import type { AccessKey } from '../../../shared/domain/source/access-key.ts'
import { accessKeyFile, readOwnerAccess } from '../../local/owner-access.ts'
import type { Place } from './command-line.ts'

export interface Call {
  readonly method: string
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

type Headers = Readonly<Record<string, string>>

/** The API, with what proves a call to it. */
export interface Upstream {
  readonly url: URL
  /** Returns the headers that prove the call. */
  readonly prove: (call: Call) => Promise<Headers>
}

/** For so long an answer may be under way: longer than the function may take. */
const TIMEOUT_MS = 35_000

type SignerInit = ConstructorParameters<typeof SignatureV4>[0]

function signing(url: URL, { region, credentials }: Pick<SignerInit, 'region' | 'credentials'>): Upstream {
  const signer = new SignatureV4({ region, credentials, service: 'lambda', sha256: Sha256 })
  return {
    url,
    async prove({ method, path, query, body }) {
      const signed = await signer.sign({
        ...{ method, path, body, protocol: url.protocol, hostname: url.hostname },
        headers: { host: url.host },
        query: Object.fromEntries(query),
      })
      const { host: _, ...headers } = signed.headers
      return headers
    },
  }
}

const carrying = (url: URL, read: () => Promise<AccessKey> | AccessKey): Upstream => ({
  url,
  async prove() {
    const { accessId, accessKey } = await read()
    return { authorization: `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}` }
  },
})

function openLocal(dataDir: string): Upstream {
  const owner = readOwnerAccess(dataDir)
  if (!owner) throw new Error(`No local stage has been started in ${dataDir}: name another with --data.`)
  const { adminUrl, accessKeySecretArn, region, credentials } = owner
  const url = new URL(adminUrl)
  if (accessKeySecretArn === undefined) return signing(url, { region, credentials })
  // It is read for each call, because a rotation writes another one.
  return carrying(url, () => JSON.parse(readFileSync(accessKeyFile(dataDir), 'utf8')) as AccessKey)
}

/** How long a key is used before it is read again. After a rotation the old one stays valid for longer than that. */
const KEY_MS = 60_000

function openWithKey(url: URL, secretId: string): Upstream {
  const [, , , region] = secretId.split(':')
  const store = accessKeyStore(new SecretsManagerClient(region ? { region } : {}), secretId)
  let kept: { readonly key: Promise<AccessKey>; readonly readMs: number } | undefined
  return carrying(url, () => {
    const nowMs = performance.now()
    if (!kept || nowMs - kept.readMs >= KEY_MS) {
      kept = { key: store.read().then(({ record }) => record), readMs: nowMs }
    }
    return kept.key
  })
}

/** Opens the API of a place. Throws, and says what to do, if there is none. */
export function openUpstream(place: Place): Upstream {
  if ('dataDir' in place) return openLocal(place.dataDir)
  if ('secretId' in place) return openWithKey(place.url, place.secretId)
  return signing(place.url, { region: place.region, credentials: defaultProvider() })
}

/** As it is signed: without a plus sign, which some take for a space. */
const toQuery = (query: Call['query']): string =>
  query.map(pair => pair.map(encodeURIComponent).join('=')).join('&')

/** Sends a call to the API. The body of the answer has yet to be read. */
export async function send({ url, prove }: Upstream, call: Call): Promise<IncomingMessage> {
  const { method, path, query, body } = call
  const proof = await prove(call)
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ method, hostname: url.hostname, port: url.port },
        path: query.length === 0 ? path : `${path}?${toQuery(query)}`,
        headers: { ...call.headers, ...proof, host: url.host, 'content-length': String(body.length) },
        timeout: TIMEOUT_MS,
      },
      resolve,
    )
    sent.on('timeout', () => sent.destroy(new Error('The admin URL does not answer.')))
    sent.on('error', reject)
    sent.end(body)
  })
}
