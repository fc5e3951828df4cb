import { randomUUID } from 'node:crypto'
import type { Deployment, SecretResource } from '../../template/model.ts'
import { jsonAnswer, jsonFailure, jsonInput, operationName, refuseUnknownMembers } from '../json-protocol.ts'
import { notEmulated, type Service } from '../service.ts'
import { generatedValue } from './random-password.ts'
import { findSecret, SECRET_OPERATIONS, type SecretsContext, secretArn } from './secret-operations.ts'
import { openSecretStore, type SecretStore } from './secret-store.ts'
import { withVersion } from './secret-versions.ts'

export interface SecretsManagerOptions {
  readonly deployment: Deployment
  readonly clock: { now(): number }
  readonly file: string
  /** Values to use instead of the template's, by logical id. */
  readonly overrides?: Readonly<Record<string, string>>
}

/** Secrets Manager on one file. The template's secrets are made when they are missing. */
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
      return {
        name,
        needs: [{ action: `secretsmanager:${name}`, resource: resourceOf(id, context) }],
        perform: async () => jsonAnswer(call, known.run(input, context)),
      }
    },
    failure: jsonFailure,
    close: async () => undefined,
  }
}

/** A secret that is not there has no suffix yet; policies for a name end in six wildcards or in `*`. */
const resourceOf = (id: string, context: SecretsContext): string =>
  findSecret(id, context)?.arn ?? (id.startsWith('arn:') ? id : `${secretArn(context.deployment, id)}-000000`)

function ensureSecret(store: SecretStore, resource: SecretResource, nowMs: number, override?: string): void {
  const existing = store.find(resource.name)
  if (existing && override === undefined) return
  if (existing && Object.values(existing.versions).some(isCurrent(override))) return
  const secret = existing ?? {
    name: resource.name,
    arn: resource.arn,
    createdMs: nowMs,
    changedMs: nowMs,
    versions: {},
  }
  const value = override ?? resource.value ?? (resource.generate && generatedValue(resource.generate))
  store.put(value === undefined ? secret : withVersion(secret, randomUUID(), value, nowMs))
}

const isCurrent = (value: string | undefined) => (version: { value: string; stages: readonly string[] }) =>
  version.value === value && version.stages.includes('AWSCURRENT')
