import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** A run is named `<prefix>-<12 hex digits>`, and the name of all that it makes begins with that. */
const DEFAULT_PREFIX = 'opsource-test'

const PREFIX = /^[a-z][a-z0-9-]{6,24}[a-z0-9]$/
const HELP = 'see docs/remote-tests.md'

export type Environment = Readonly<Record<string, string | undefined>>

/** What stops the remote tests before they make anything. */
export class NotReady extends Error {
  override readonly name = 'NotReady'
}

function prefixFrom({ REMOTE_PREFIX: prefix = DEFAULT_PREFIX }: Environment): string {
  if (PREFIX.test(prefix)) return prefix
  throw new NotReady(
    `REMOTE_PREFIX must be 8 to 26 small letters, digits and hyphens, and begin with a letter: ${HELP}`,
  )
}

/** Asks the SDK itself, which knows variables, profiles, single sign-on and roles. */
async function requireCredentials(): Promise<void> {
  const client = new DynamoDBClient({})
  const { config } = client
  try {
    await config.region()
  } catch {
    throw new NotReady(`there is no AWS region: set AWS_REGION; ${HELP}`)
  }
  try {
    await config.credentials()
  } catch (error) {
    throw new NotReady(`there are no AWS credentials (${(error as Error).message}): ${HELP}`)
  } finally {
    client.destroy()
  }
}

/** The prefix for this account. Throws NotReady, with one line that says what is missing. */
export async function readyAccount(environment: Environment): Promise<{ readonly prefix: string }> {
  if (environment['REMOTE'] !== '1') {
    throw new NotReady(`this makes resources in your AWS account: set REMOTE=1 to allow it; ${HELP}`)
  }
  const prefix = prefixFrom(environment)
  await requireCredentials()
  return { prefix }
}
