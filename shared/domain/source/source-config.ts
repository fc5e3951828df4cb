import type { Compile } from '../rule/expression.ts'
import { NEW_TOKEN, REPLACING_TOKEN } from './api-token.ts'
import { BASE_URL } from './base-url.ts'
import { FIELDS } from './fields-setting.ts'
import { FILTERS } from './filters-setting.ts'
import { ID_IN_PATH, ignored, misplaced } from './id-setting.ts'
import { type FieldFault, isJsonObject, type JsonObject } from './request-section.ts'
import { checkShape, described, object, type Values } from './shape.ts'
import type { Source } from './source.ts'
import { START_TIME } from './start-time.ts'
import { SUPPORTED_APIS } from './supported-apis.ts'
import { CATEGORY, constant, DESCRIPTION, NAME } from './text-setting.ts'

export const SOURCE_TYPE = 'Universal'
export const SCHEMA_TYPE = '1Password'

/**
 * The `config` of a source without its token (docs/reference/management-api.md, "Source configuration"; `start_time`
 * is ours).
 */
export const CONFIG = {
  name: described(NAME, "Unique among the collector's sources."),
  description: DESCRIPTION,
  category: CATEGORY,
  fields: FIELDS,
  base_url: BASE_URL,
  supported_apis: SUPPORTED_APIS,
  start_time: START_TIME,
  filters: FILTERS,
}

const CLOSED_CONFIG = {
  wanted: 'the settings of the source',
  /** In the order in which a fault lists them. */
  closed: [
    'name',
    'description',
    'category',
    'fields',
    'base_url',
    'api_token',
    'supported_apis',
    'start_time',
    'filters',
  ],
}

const TYPES = {
  sourceType: constant(SOURCE_TYPE, {
    missing: 'collectors.source.type.missing',
    invalid: 'collectors.source.type.invalid',
  }),
  // docs/reference/management-api.md, "Source versions"
  schemaRef: object(
    { type: constant(SCHEMA_TYPE), version: ignored('Ignored: there is one version.') },
    { wanted: `{"type":"${SCHEMA_TYPE}"}` },
  ),
}

const MISPLACED = misplaced('config')

/**
 * Settings that would be dropped in silence if they stood beside `config`. `name` and `category` may stand there, because
 * answers show copies of them there, and clients send what they have read (docs/reference/management-api.md, "The source
 * object").
 */
const OUTSIDE_CONFIG = {
  description: MISPLACED,
  fields: MISPLACED,
  base_url: MISPLACED,
  api_token: MISPLACED,
  supported_apis: MISPLACED,
  start_time: MISPLACED,
  filters: MISPLACED,
}

/** The `source` of a create request. Other members are ignored, because clients send what they have read. */
export const NEW_SOURCE = {
  id: ignored('Ignored: it is assigned.'),
  ...OUTSIDE_CONFIG,
  ...TYPES,
  config: object({ ...CONFIG, api_token: NEW_TOKEN }, CLOSED_CONFIG),
}

/** The `source` of an update: the whole of it. What is absent is unset, except the token and the start time. */
export const SOURCE_UPDATE = {
  id: ID_IN_PATH,
  ...OUTSIDE_CONFIG,
  ...TYPES,
  config: object({ ...CONFIG, api_token: REPLACING_TOKEN }, CLOSED_CONFIG),
}

export interface SourceRules {
  readonly allowedHosts: readonly string[]
  readonly nowMs: number
  /** The engine of expressions. Needed only for a request that has processing rules. */
  readonly compile?: Compile | undefined
}

/** Whether a request names processing rules, so that the engine is needed to check it. */
export function hasFilters({ config }: JsonObject): boolean {
  const filters = isJsonObject(config) ? config['filters'] : undefined
  return Array.isArray(filters) && filters.length > 0
}

function toSettings({ base_url, supported_apis, start_time, ...texts }: Values<typeof CONFIG>) {
  return { ...texts, ...base_url, apis: supported_apis, startTime: start_time }
}

/** What the user of a source decides, as it is stored. */
export type SourceSettings = ReturnType<typeof toSettings>

interface Faulty {
  readonly faults: readonly FieldFault[]
}

interface Valid {
  readonly faults?: never
  readonly settings: SourceSettings
}

export type NewSource = Faulty | (Valid & { readonly token: string })

/** Without a token the source keeps its own. */
export type SourceUpdate = Faulty | (Valid & { readonly token?: string })

export function checkNewSource(source: JsonObject, rules: SourceRules): NewSource {
  const { faults, values } = checkShape(source, NEW_SOURCE, rules)
  if (faults) return { faults }
  const { api_token: token, ...config } = values.config
  return { settings: toSettings(config), token }
}

export function checkSourceUpdate(source: JsonObject, rules: SourceRules, current: Source): SourceUpdate {
  const { faults, values } = checkShape(source, SOURCE_UPDATE, { ...rules, current })
  if (faults) return { faults }
  const { api_token: token, ...config } = values.config
  return { settings: toSettings(config), ...(token !== undefined && { token }) }
}
