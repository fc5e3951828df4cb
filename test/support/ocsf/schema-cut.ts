/** What the validator needs of OCSF's own schema files: names, types, requirements, enums and constraints, no prose. */

export interface CutAttribute {
  readonly requirement?: string
  readonly type?: string
  readonly is_array?: boolean
  readonly sibling?: string
  /** The values of an enum with their captions. */
  readonly enum?: Readonly<Record<string, string>>
  /** The version that deprecated it. */
  readonly deprecated?: string
  readonly observable?: number
  readonly caption?: string
  /** The profile that brings it. `null` makes it an attribute of the class itself. */
  readonly profile?: string | null
}

export interface CutShape {
  readonly caption: string
  readonly uid?: number
  readonly category?: string
  readonly extends?: string
  readonly observable?: number
  /** The profile files whose attributes it includes. */
  readonly include?: readonly string[]
  readonly profiles?: readonly string[]
  readonly constraints?: Readonly<Record<string, readonly string[]>>
  readonly attributes: Readonly<Record<string, CutAttribute>>
}

export interface SchemaCut {
  readonly version: string
  readonly notice: string
  readonly categories: Readonly<Record<string, { readonly uid: number; readonly caption: string }>>
  readonly types: Readonly<Record<string, CutType>>
  readonly dictionary: Readonly<Record<string, CutAttribute>>
  readonly profiles: Readonly<Record<string, CutShape>>
  readonly objects: Readonly<Record<string, CutShape>>
  readonly events: Readonly<Record<string, CutShape>>
}

export interface CutType {
  readonly caption: string
  readonly type?: string
  readonly regex?: string
  readonly max_len?: number
  readonly range?: readonly [number, number]
  readonly observable?: number
}

/** The classes that events are mapped to, and what they extend. */
export const CUT_EVENTS = [
  'base_event',
  'iam/iam',
  'iam/account_change',
  'iam/authentication',
  'iam/authorize_session',
  'iam/entity_management',
  'iam/group_management',
  'iam/user_access',
  'application/application',
  'application/api_activity',
] as const

/** The objects that events use. An attribute of another object's type is never valid, since its rules are not here. */
export const CUT_OBJECTS = [
  '_entity',
  '_resource',
  'account',
  'actor',
  'analytic',
  'api',
  'attack',
  'auth_factor',
  'cloud',
  'endpoint',
  'evidences',
  'feature',
  'finding_info',
  'group',
  'key_value_object',
  'location',
  'managed_entity',
  'metadata',
  'network_endpoint',
  'object',
  'observable',
  'organization',
  'os',
  'policy',
  'product',
  'related_event',
  'remediation',
  'resource_details',
  'service',
  'session',
  'sub_technique',
  'tactic',
  'technique',
  'user',
] as const
