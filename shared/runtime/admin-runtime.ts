import { join } from 'node:path'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { accessKeySecret } from '../adapters/access-key-store.ts'
import { destinationSecrets } from '../adapters/destination-secrets.ts'
import { eventsApiHttp } from '../adapters/events-api-http.ts'
import { pageFolder } from '../adapters/page-folder.ts'
import { re2Expressions } from '../adapters/re2-expressions.ts'
import { tokenSecrets } from '../adapters/token-secrets.ts'
import { CALL_LIMITS } from '../contract/limits.ts'
import { PAGE_FOLDER } from '../contract/page-files.ts'
import { type AdminAuth, VARIABLES } from '../contract/variables.ts'
import type { DestinationSecrets } from '../destination-ports.ts'
import type { AccessKeys, Log, Ports } from '../ports.ts'
import { COMMON, commonPorts, createAwsClient, readEnvironment } from './common-ports.ts'
import { readDestinationSettings } from './destination-settings.ts'

const { tokenSecretPrefix, tokenKey, accessKeySecret: accessKey, adminAuth, allowedHosts } = VARIABLES
const NAMES = { ...COMMON, tokenSecretPrefix, adminAuth, allowedHosts }
const WITH_KEY = { ...NAMES, accessKey }

/** Throws for any other value, which must not be taken for one of the two. */
function readAuth(value: string): AdminAuth {
  if (value === 'basic' || value === 'iam') return value
  throw new Error(`${adminAuth} must be basic or iam.`)
}

/** With iam there is no access key, because AWS has verified the signature of the caller. */
function createAccessKeys(auth: AdminAuth, secrets: SecretsManagerClient, secretArn: string): AccessKeys {
  if (auth === 'basic') return accessKeySecret(secrets, secretArn)
  return { current: () => Promise.reject(new Error(`${adminAuth} is iam: there is no access key.`)) }
}

/** Makes the ports and settings of admin from the function's environment. Throws if a variable is missing or wrong. */
export function adminRuntime(log: Log, environment = process.env) {
  const wanted = environment[adminAuth] === 'iam' ? NAMES : WITH_KEY
  const names = readEnvironment<keyof typeof NAMES>(wanted, environment)
  const auth = readAuth(names.adminAuth)
  const secrets = createAwsClient(SecretsManagerClient)
  const { kinds, hosts, secretPrefix } = readDestinationSettings(environment)
  return {
    ports: {
      ...commonPorts(names),
      log,
      expressions: re2Expressions(),
      destinationSecrets: destinationSecrets(secrets, secretPrefix, environment[tokenKey]),
      tokenWriter: tokenSecrets(secrets, names.tokenSecretPrefix, environment[tokenKey]),
      eventsApi: eventsApiHttp(),
      // The bundle is one file, and the page lies beside it.
      page: pageFolder(join(import.meta.dirname, PAGE_FOLDER)),
      accessKeys: createAccessKeys(auth, secrets, environment[accessKey] ?? ''),
    } satisfies Partial<Ports> & { destinationSecrets: DestinationSecrets },
    settings: {
      auth,
      allowedHosts: JSON.parse(names.allowedHosts) as string[],
      callLimits: CALL_LIMITS,
      destinations: { kinds, hosts },
    },
  }
}
