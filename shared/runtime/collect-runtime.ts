import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { eventsApiHttp } from '../adapters/events-api-http.ts'
import { lakeBucket } from '../adapters/lake-bucket.ts'
import { re2Expressions } from '../adapters/re2-expressions.ts'
import { systemClock, systemRandom } from '../adapters/system.ts'
import { tokenCache } from '../adapters/token-cache.ts'
import { VARIABLES } from '../contract/variables.ts'
import type { Log, Ports } from '../ports.ts'
import { COMMON, commonPorts, createAwsClient, readEnvironment } from './common-ports.ts'
import { collectDestinations } from './destinations-runtime.ts'

const { lakeBucket: lake, tokenSecretPrefix, allowedHosts, pageSize } = VARIABLES
const NAMES = { ...COMMON, lake, tokenSecretPrefix, allowedHosts, pageSize }

/** Makes the ports and settings of collect from the function's environment. Throws if a variable is missing. */
export function collectRuntime(log: Log, environment = process.env) {
  const names = readEnvironment(NAMES, environment)
  const secrets = createAwsClient(SecretsManagerClient)
  return {
    ports: {
      ...commonPorts(names),
      log,
      expressions: re2Expressions(),
      tokens: tokenCache(secrets, names.tokenSecretPrefix, systemClock),
      destinations: collectDestinations(secrets, environment),
      eventsApi: eventsApiHttp(),
      lake: lakeBucket(createAwsClient(S3Client), names.lake, { clock: systemClock, random: systemRandom }),
    } satisfies Partial<Ports>,
    settings: {
      pageSize: Number(names.pageSize),
      allowedHosts: JSON.parse(names.allowedHosts) as string[],
    },
  }
}
