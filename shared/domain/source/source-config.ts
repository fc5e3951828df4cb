import { checkNewToken, checkReplacingToken } from './api-token.ts'
import { type BaseUrl, checkBaseUrl } from './base-url.ts'
import { checkFields } from './fields-setting.ts'
import {
  type FieldFault,
  type JsonObject,
  memberOf,
  type RequestSection,
  refuse,
  refuseUnknown,
  requiredSubsection,
} from './request-section.ts'
import type { Source } from './source.ts'
import { checkStartTime } from './start-time.ts'
import { checkSupportedApis } from './supported-apis.ts'
import { CATEGORY_RULE, checkText, DESCRIPTION_RULE, NAME_RULE } from './text-setting.ts'

export const SOURCE_TYPE = 'Universal'
export const SCHEMA_TYPE = '1Password'

/** reference/sumo-api §1.2; `start_time` is ours. */
const CONFIG_MEMBERS = [
  'name',
  'description',
  'category',
  'fields',
  'base_url',
  'api_token',
  'supported_apis',
  'start_time',
]

/** What of a source its user decides. */
export type SourceSettings = Pick<
  Source,
  'name' | 'description' | 'category' | 'fields' | 'apis' | 'startTime' | keyof BaseUrl
>

export interface SourceRules {
  readonly allowedHosts: readonly string[]
  readonly nowMs: number
}

interface Faulty {
  readonly faults: readonly FieldFault[]
}

interface Valid {
  readonly faults?: never
  readonly settings: SourceSettings
}

export type NewSource = Faulty | (Valid & { readonly token: string })

/** Without a token: the source keeps its own. */
export type SourceUpdate = Faulty | (Valid & { readonly token?: string })

/** What is fixed. The version of a schemaRef is taken whatever it is: there is one (reference/sumo-api §2.5). */
function checkTypes(section: RequestSection): void {
  const sourceType = memberOf(section, 'sourceType')
  if (sourceType !== SOURCE_TYPE) {
    const code = `collectors.source.type.${sourceType === undefined ? 'missing' : 'invalid'}`
    refuse(section, 'sourceType', `must be "${SOURCE_TYPE}"`, code)
  }
  const schemaRef = requiredSubsection(section, 'schemaRef', `{"type":"${SCHEMA_TYPE}"}`)
  if (schemaRef && memberOf(schemaRef, 'type') !== SCHEMA_TYPE) {
    refuse(schemaRef, 'type', `must be "${SCHEMA_TYPE}"`)
  }
}

function checkId(section: RequestSection, id: number): void {
  if (memberOf(section, 'id') === id) return
  refuse(section, 'id', `must be ${id}, the number in the path`, 'collectors.validation.id.invalid')
}

function checkSettings(
  config: RequestSection,
  rules: SourceRules,
  current?: Source,
): SourceSettings | undefined {
  refuseUnknown(config, CONFIG_MEMBERS)
  const name = checkText(config, 'name', NAME_RULE)
  const description = checkText(config, 'description', DESCRIPTION_RULE)
  const category = checkText(config, 'category', CATEGORY_RULE)
  const fields = checkFields(config)
  const baseUrl = checkBaseUrl(config, rules.allowedHosts)
  const apis = checkSupportedApis(config)
  const startTime = checkStartTime(config, rules.nowMs, current?.startTime)
  if (name === undefined || !baseUrl || !apis || startTime === undefined) return undefined
  return {
    name,
    ...(description !== undefined && { description }),
    ...(category !== undefined && { category }),
    fields,
    ...baseUrl,
    apis,
    startTime,
  }
}

const configOf = (section: RequestSection): RequestSection | undefined =>
  requiredSubsection(section, 'config', 'the settings of the source')

/** The `source` of a create request. Members beside schemaRef, config and sourceType are ignored: clients send what they read. */
export function checkNewSource(source: JsonObject, rules: SourceRules): NewSource {
  const section: RequestSection = { path: '', values: source, faults: [] }
  checkTypes(section)
  const config = configOf(section)
  const settings = config && checkSettings(config, rules)
  const token = config && checkNewToken(config)
  if (!settings || token === undefined || section.faults.length > 0) return { faults: section.faults }
  return { settings, token }
}

/** The `source` of an update: the whole entity. What is absent is unset, but for the token and the start time. */
export function checkSourceUpdate(source: JsonObject, rules: SourceRules, current: Source): SourceUpdate {
  const section: RequestSection = { path: '', values: source, faults: [] }
  checkId(section, current.id)
  checkTypes(section)
  const config = configOf(section)
  const settings = config && checkSettings(config, rules, current)
  const token = config && checkReplacingToken(config)
  if (!settings || section.faults.length > 0) return { faults: section.faults }
  return { settings, ...(token !== undefined && { token }) }
}
