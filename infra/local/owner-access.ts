import { join } from 'node:path'
import { VARIABLES } from '../../shared/contract/variables.ts'
import { readJson, removeFile, writeJson } from './aws/data-directory/json-file.ts'
import { secretsFile } from './aws/gateway/gateway.ts'
import type { Credentials } from './aws/gateway/signature.ts'
import { openSecretStore } from './aws/secrets/secret-store.ts'
import { versionOf } from './aws/secrets/secret-versions.ts'
import type { Deployment, SecretResource } from './aws/template/model.ts'

/** Credentials of the admin URL. */
export interface AccessKey {
  readonly accessId: string
  readonly accessKey: string
}

/** What the owner of the machine reaches a running stage with; the credentials end with it. */
export interface OwnerAccess {
  readonly adminUrl: string
  /** Where every AWS service answers. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  /** Absent where the admin URL asks for SigV4. */
  readonly accessKeySecretArn?: string
}

/** The secret that a function of the template knows as the access key; undefined if the admin URL asks for SigV4. */
export function accessKeySecret({ functions, secrets }: Deployment): SecretResource | undefined {
  const named = functions.map(({ environment }) => environment[VARIABLES.accessKeySecret])
  return secrets.find(({ arn }) => named.includes(arn))
}

/** Leaves the current key, if there is one, in `access-key.json` for the owner. Throws if the secret has no value. */
export function readAccessKey(dataDir: string, secret: SecretResource | undefined): AccessKey | undefined {
  if (!secret) {
    removeFile(accessKeyFile(dataDir))
    return undefined
  }
  const { arn } = secret
  const stored = openSecretStore(secretsFile(dataDir)).find(arn)
  if (!stored) throw new Error(`${secretsFile(dataDir)} holds no ${arn}.`)
  const key = JSON.parse(versionOf(stored).value) as AccessKey
  return saveAccessKey(dataDir, key)
}

/** Id and key alone: what else the secret holds is not the owner's to send. */
export function saveAccessKey(dataDir: string, { accessId, accessKey }: AccessKey): AccessKey {
  writeJson(accessKeyFile(dataDir), { accessId, accessKey })
  return { accessId, accessKey }
}

export const accessKeyFile = (dataDir: string): string => join(dataDir, 'access-key.json')

export const ownerFile = (dataDir: string): string => join(dataDir, 'owner.json')

export const saveOwnerAccess = (dataDir: string, access: OwnerAccess): void =>
  writeJson(ownerFile(dataDir), access)

/** As the last start of a stage left it; undefined if none ever started there. */
export const ownerAccess = (dataDir: string): OwnerAccess | undefined =>
  readJson<OwnerAccess>(ownerFile(dataDir))
