import { join } from 'node:path'
import { VARIABLES } from '../../shared/contract/variables.ts'
import { secretsFile } from './gateway/gateway.ts'
import { openSecretStore } from './gateway/secrets/secret-store.ts'
import { versionOf } from './gateway/secrets/secret-versions.ts'
import { writeJson } from './json-file.ts'
import type { Deployment, SecretResource } from './template/model.ts'

/** Credentials of the admin URL. */
export interface AccessKey {
  readonly accessId: string
  readonly accessKey: string
}

/** The secret that a function of the template knows as the access key. Throws if there is none. */
export function accessKeySecret({ functions, secrets }: Deployment): SecretResource {
  const named = functions.map(({ environment }) => environment[VARIABLES.accessKeySecret])
  const secret = secrets.find(({ arn }) => named.includes(arn))
  if (secret) return secret
  throw new Error(`No function of the template names a secret in ${VARIABLES.accessKeySecret}.`)
}

/** Leaves the current key in `access-key.json` for the owner of the machine. Throws if the secret has no value. */
export function readAccessKey(dataDir: string, { arn }: SecretResource): AccessKey {
  const stored = openSecretStore(secretsFile(dataDir)).find(arn)
  if (!stored) throw new Error(`${secretsFile(dataDir)} holds no ${arn}.`)
  const key = JSON.parse(versionOf(stored).value) as AccessKey
  writeJson(accessKeyFile(dataDir), key)
  return key
}

export const accessKeyFile = (dataDir: string): string => join(dataDir, 'access-key.json')
