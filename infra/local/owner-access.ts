import { join } from 'node:path'
import {
  type Credentials,
  type Deployment,
  readJson,
  readStoredSecret,
  removeFile,
  type SecretResource,
  signatureHeaders,
  writeJson,
} from 'aws-emulator'
import { VARIABLES } from '../../shared/contract/variables.ts'

/** Credentials of the admin URL. */
export interface AccessKey {
  readonly accessId: string
  readonly accessKey: string
}

/** What the owner of the machine needs to reach a running stage. The credentials are valid until the stage ends. */
export interface OwnerAccess {
  readonly adminUrl: string
  /** Where every AWS service answers. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  /** Absent where the admin URL asks for SigV4. */
  readonly accessKeySecretArn?: string
}

/** Finds the secret that holds the access key. Returns undefined if the admin URL asks for SigV4. */
export function findAccessKeySecret({ functions, secrets }: Deployment): SecretResource | undefined {
  const named = functions.map(({ environment }) => environment[VARIABLES.accessKeySecret])
  return secrets.find(({ arn }) => named.includes(arn))
}

/** Reads the current key and writes it to `access-key.json` for the owner. Throws if the secret has no value. */
export function readAccessKey(dataDir: string, secret: SecretResource | undefined): AccessKey | undefined {
  if (!secret) {
    removeFile(accessKeyFile(dataDir))
    return undefined
  }
  return saveAccessKey(dataDir, JSON.parse(readStoredSecret(dataDir, secret.arn)) as AccessKey)
}

/** Writes only id and key. The secret also holds things that the owner does not need. */
export function saveAccessKey(dataDir: string, { accessId, accessKey }: AccessKey): AccessKey {
  writeJson(accessKeyFile(dataDir), { accessId, accessKey })
  return { accessId, accessKey }
}

export const accessKeyFile = (dataDir: string): string => join(dataDir, 'access-key.json')

export const ownerFile = (dataDir: string): string => join(dataDir, 'owner.json')

export const saveOwnerAccess = (dataDir: string, access: OwnerAccess): void =>
  writeJson(ownerFile(dataDir), access)

/** Returns the access to the last stage on this directory. Returns undefined if none ever started there. */
export const readOwnerAccess = (dataDir: string): OwnerAccess | undefined =>
  readJson<OwnerAccess>(ownerFile(dataDir))

/** A request to the admin URL. */
export interface OwnerRequest {
  readonly method: string
  /** With its query, percent-encoded. */
  readonly path: string
  readonly body?: string
}

/** Returns the headers that prove the owner to the admin URL: the access key if there is one, else a signature. */
export function createOwnerHeaders(
  access: OwnerAccess,
  accessKey: AccessKey | undefined,
  { method, path, body = '' }: OwnerRequest,
): Record<string, string> {
  if (accessKey) {
    const text = `${accessKey.accessId}:${accessKey.accessKey}`
    return { authorization: `Basic ${Buffer.from(text).toString('base64')}` }
  }
  const { host, pathname, searchParams: query } = new URL(path, access.adminUrl)
  const { credentials, region } = access
  const call = { method, path: pathname, query, headers: { host }, body: Buffer.from(body) }
  return signatureHeaders(call, { credentials, region, service: 'lambda', nowMs: Date.now() })
}
