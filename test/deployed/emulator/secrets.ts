import { randomBytes } from 'node:crypto'
import { type EmulatedService, type JsonOperation, jsonService, Refusal } from './service.ts'

interface Secret {
  readonly arn: string
  /** Values by version, the oldest first. */
  readonly versions: Map<string, string>
  /** The version that has AWSCURRENT. */
  current: string
}

export interface Secrets extends EmulatedService {
  /** By name, and by ARN for those that the template makes. */
  readonly stored: ReadonlyMap<string, Secret>
}

const CURRENT = 'AWSCURRENT'

const missing = () =>
  new Refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")

/** Generates a value as GenerateSecretString does, without punctuation. */
function generated({
  SecretStringTemplate: template,
  GenerateStringKey: key,
  PasswordLength: length,
}: Readonly<Record<string, unknown>>): string {
  const password = randomBytes(Number(length)).toString('hex').slice(0, Number(length))
  return JSON.stringify({ ...JSON.parse(String(template)), [String(key)]: password })
}

function versionFor(token: unknown): string {
  const version = String(token)
  if (version.length >= 32) return version
  throw new Refusal('InvalidParameterException', 'ClientRequestToken is too short.')
}

export interface Made {
  readonly arn: string
  readonly generate: Readonly<Record<string, unknown>>
}

/** Secrets Manager, as far as the functions use it for a source. */
export function secretsManager(
  made: readonly Made[],
  arnPrefix: string,
  tellUnknown: (what: string) => void,
): Secrets {
  const stored = new Map<string, Secret>(
    made.map(({ arn, generate }) => [
      arn,
      { arn, current: 'first', versions: new Map([['first', generated(generate)]]) },
    ]),
  )
  const find = (id: unknown): Secret => {
    const secret = stored.get(String(id))
    if (!secret) throw missing()
    return secret
  }

  const operations: Readonly<Record<string, JsonOperation>> = {
    CreateSecret: {
      members: ['Name', 'SecretString', 'ClientRequestToken'],
      run({ Name, SecretString, ClientRequestToken }) {
        const name = String(Name)
        if (stored.has(name)) throw new Refusal('ResourceExistsException', `${name} already exists.`)
        const current = versionFor(ClientRequestToken)
        const arn = `${arnPrefix}${name}-x1Y2z3`
        stored.set(name, { arn, current, versions: new Map([[current, String(SecretString)]]) })
        return { ARN: arn, Name: name, VersionId: current }
      },
    },
    GetSecretValue: {
      members: ['SecretId', 'VersionId'],
      run({ SecretId, VersionId }) {
        const { arn, versions, current } = find(SecretId)
        const version = VersionId === undefined ? current : versionFor(VersionId)
        const value = versions.get(version)
        if (value === undefined) throw missing()
        return { ARN: arn, Name: SecretId, VersionId: version, SecretString: value }
      },
    },
    PutSecretValue: {
      members: ['SecretId', 'SecretString', 'ClientRequestToken', 'VersionStages'],
      run({ SecretId, SecretString, ClientRequestToken, VersionStages = [CURRENT] }) {
        const secret = find(SecretId)
        const version = versionFor(ClientRequestToken)
        secret.versions.set(version, String(SecretString))
        if ((VersionStages as string[]).includes(CURRENT)) secret.current = version
        return { ARN: secret.arn, Name: SecretId, VersionId: version, VersionStages }
      },
    },
    ListSecretVersionIds: {
      members: ['SecretId', 'IncludeDeprecated'],
      run({ SecretId }) {
        const { arn, versions, current } = find(SecretId)
        const Versions = [...versions.keys()].map((VersionId, age) => ({
          VersionId,
          CreatedDate: 1_800_000_000 + age,
          VersionStages: VersionId === current ? [CURRENT] : [],
        }))
        return { ARN: arn, Name: SecretId, Versions }
      },
    },
    UpdateSecretVersionStage: {
      members: ['SecretId', 'VersionStage', 'MoveToVersionId', 'RemoveFromVersionId'],
      run({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }) {
        const secret = find(SecretId)
        const isKnown = VersionStage === CURRENT && secret.versions.has(String(MoveToVersionId))
        if (!isKnown || RemoveFromVersionId !== secret.current)
          throw new Refusal('InvalidParameterException', `${VersionStage} is not at ${RemoveFromVersionId}.`)
        secret.current = String(MoveToVersionId)
        return { ARN: secret.arn, Name: SecretId }
      },
    },
    DeleteSecret: {
      members: ['SecretId', 'ForceDeleteWithoutRecovery'],
      run({ SecretId }) {
        const { arn } = find(SecretId)
        stored.delete(String(SecretId))
        return { ARN: arn, Name: SecretId, DeletionDate: Date.now() / 1000 }
      },
    },
  }
  return { stored, ...jsonService('secretsmanager', operations, tellUnknown) }
}
