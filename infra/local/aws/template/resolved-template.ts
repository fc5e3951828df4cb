import type { Assembly, RawResource, Template } from './assembly.ts'
import { IDENTITIES, type Identity } from './identity.ts'
import { resolve, type Scope } from './intrinsics.ts'
import { KNOWN_ATTRIBUTES, KNOWN_PROPERTIES, KNOWN_SECTIONS } from './known-properties.ts'
import type { Place, Problems } from './problems.ts'
import { type Json, toText, valueAt } from './properties.ts'
import { checkProperties } from './property-check.ts'
import { createPseudoParameters } from './pseudo-parameters.ts'

/** A resource with every reference in its properties resolved. */
export interface Resource extends Identity {
  readonly logicalId: string
  readonly type: string
  readonly properties: Json
  /** e.g. `Stack/Lake/Resource` */
  readonly constructPath: string
}

export interface ResolvedTemplate {
  readonly stackName: string
  readonly resources: readonly Resource[]
  readonly outputs: Readonly<Record<string, string>>
}

/** Resolves the whole template. Adds a problem for everything that is not understood. */
export function resolveTemplate(
  { stackName, template }: Assembly,
  findUrl: (logicalId: string) => string,
  problems: Problems,
): ResolvedTemplate {
  checkSections(template, problems)
  const findIdentity = createIdentities(stackName, template, findUrl, problems)
  const scope = createScope(stackName, findIdentity)
  const resources = Object.entries(template.Resources).flatMap(([logicalId, raw]): Resource[] => {
    const place = { logicalId, type: raw.Type, path: 'Properties' }
    checkAttributes(raw, place, problems)
    const identity = findIdentity(logicalId, scope)
    if (!identity) return []
    const properties = resolve(raw.Properties ?? {}, place, { scope, problems }) as Json
    checkProperties(properties, KNOWN_PROPERTIES[raw.Type] ?? {}, place, problems)
    const constructPath = String(raw.Metadata?.['aws:cdk:path'] ?? logicalId)
    return [{ ...identity, logicalId, type: raw.Type, properties, constructPath }]
  })
  return { stackName, resources, outputs: resolveOutputs(template, scope, problems) }
}

function checkSections(template: Template, problems: Problems): void {
  for (const section of Object.keys(template)) {
    const place = { logicalId: section, type: 'template section', path: '' }
    if (!KNOWN_SECTIONS.has(section)) problems.add(place, 'is not known to the local stage')
  }
}

function checkAttributes(raw: RawResource, place: Place, problems: Problems): void {
  if (!Object.hasOwn(KNOWN_PROPERTIES, raw.Type)) {
    problems.add({ ...place, path: 'Type' }, 'is a resource type not known to the local stage')
  }
  for (const attribute of Object.keys(raw)) {
    if (!KNOWN_ATTRIBUTES.has(attribute)) {
      problems.add({ ...place, path: attribute }, 'is a resource attribute not known to the local stage')
    }
  }
}

type FindIdentity = (logicalId: string, scope: Scope) => Identity | undefined

/** Computes identities when they are needed, because a name may itself contain references. */
function createIdentities(
  stackName: string,
  template: Template,
  findUrl: (logicalId: string) => string,
  problems: Problems,
): FindIdentity {
  const cache = new Map<string, Identity>()
  return (logicalId, scope) => {
    const known = cache.get(logicalId)
    const raw = template.Resources[logicalId]
    const identify = raw && IDENTITIES[raw.Type]
    if (known || !identify) return known
    const place = { logicalId, type: raw.Type, path: 'Properties' }
    const identity = identify({
      logicalId,
      generatedName: `${stackName}-${logicalId}`,
      property: path => toText(resolve(valueAt(raw.Properties ?? {}, path), place, { scope, problems })),
      findUrl: findUrl,
    })
    cache.set(logicalId, identity)
    return identity
  }
}

function createScope(stackName: string, identityOf: FindIdentity): Scope {
  const pseudo = createPseudoParameters(stackName)
  const scope: Scope = {
    ref: name => pseudo[name] ?? identityOf(name, scope)?.ref,
    attribute: (logicalId, attribute) => identityOf(logicalId, scope)?.attributes[attribute],
  }
  return scope
}

function resolveOutputs(template: Template, scope: Scope, problems: Problems): Record<string, string> {
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Value: value }]) => {
    const place = { logicalId: name, type: 'output', path: 'Value' }
    return [name, String(resolve(value, place, { scope, problems }))] as const
  })
  return Object.fromEntries(outputs)
}
