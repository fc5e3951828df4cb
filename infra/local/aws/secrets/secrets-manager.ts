import { randomUUID } from 'node:crypto'
import {
  type JsonInput,
  jsonAnswer,
  jsonFailure,
  jsonInput,
  operationName,
  refuseUnknownMembers,
} from '../gateway/json-protocol.ts'
import { notEmulated, type Service } from '../gateway/service.ts'
import { createKeyCalls } from '../iam/key-calls.ts'
import type { Deployment, SecretResource } from '../template/model.ts'
import { generateSecretValue } from './random-password.ts'
import { findSecret, SECRET_OPERATIONS, type SecretsContext, toSecretArn } from './secret-operations.ts'
import { openSecretStore, type SecretStore, type StoredSecret } from './secret-store.ts'
import { addVersion } from './secret-versions.ts'

interface SecretsManagerOptions {
  readonly deployment: Deployment
  readonly clock: { now(): number }
  readonly file: string
  /** Fixed values by logical id, instead of generated values. */
  readonly overrides?: Readonly<Record<string, string>>
}

/** Creates Secrets Manager on one file, and those secrets of the template that are missing. */
export function createSecretsManager({ deployment, clock, file, overrides }: SecretsManagerOptions): Service {
  const store = openSecretStore(file)
  for (const secret of deployment.secrets)
    ensureSecret(store, secret, clock.now(), overrides?.[secret.logicalId])
  const context: SecretsContext = { deployment, clock, store }
  return {
    name: 'secretsmanager',
    operation(call) {
      const name = operationName(call)
      const known = SECRET_OPERATIONS[name]
      if (!known) throw notEmulated(`secretsmanager:${name}`, 400)
      const input = jsonInput(call)
      refuseUnknownMembers(`secretsmanager:${name}`, input, new Set(known.members))
      const id = String(input['SecretId'] ?? input['Name'] ?? '')
      const action = `secretsmanager:${name}`
      return {
        name,
        needs: [
          { action, resource: findResource(id, context) },
          ...createKeyCalls(action, findKey(id, input, context)),
        ],
        perform: async () => jsonAnswer(call, known.run(input, context)),
      }
    },
    failure: jsonFailure,
    close: async () => undefined,
  }
}

/** Returns the key of the secret, or of the secret that the call will create. */
function findKey(id: string, input: JsonInput, context: SecretsContext): string | undefined {
  const made = input['KmsKeyId']
  return findSecret(id, context)?.keyArn ?? (typeof made === 'string' ? made : undefined)
}

/**
 * A secret that does not exist has no suffix. Policies for its name end in six wildcards or in `*`, so any suffix will
 * do.
 */
const findResource = (id: string, context: SecretsContext): string =>
  findSecret(id, context)?.arn ??
  (id.startsWith('arn:') ? id : `${toSecretArn(context.deployment, id)}-000000`)

function ensureSecret(store: SecretStore, resource: SecretResource, nowMs: number, override?: string): void {
  const found = store.find(resource.name)
  const existing = found && withKey(found, resource.keyArn)
  if (existing && existing.keyArn !== found.keyArn) store.put(existing)
  if (existing && override === undefined) return
  if (existing && Object.values(existing.versions).some(isCurrent(override))) return
  const secret = existing ?? {
    name: resource.name,
    arn: resource.arn,
    createdMs: nowMs,
    changedMs: nowMs,
    ...(resource.keyArn && { keyArn: resource.keyArn }),
    versions: {},
  }
  const value = override ?? (resource.generate && generateSecretValue(resource.generate))
  store.put(value === undefined ? secret : addVersion(secret, randomUUID(), value, nowMs))
}

const withKey = ({ keyArn: _, ...secret }: StoredSecret, keyArn: string | undefined): StoredSecret =>
  keyArn === undefined ? secret : { ...secret, keyArn }

const isCurrent = (value: string | undefined) => (version: { value: string; stages: readonly string[] }) =>
  version.value === value && version.stages.includes('AWSCURRENT')
