import { checkNewToken } from './api-token.ts'
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

export type NewSource =
  | { readonly faults: readonly FieldFault[] }
  | { readonly faults?: never; readonly settings: SourceSettings; readonly token: string }

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

function checkSettings(config: RequestSection, rules: SourceRules): SourceSettings | undefined {
  refuseUnknown(config, CONFIG_MEMBERS)
  const name = checkText(config, 'name', NAME_RULE)
  const description = checkText(config, 'description', DESCRIPTION_RULE)
  const category = checkText(config, 'category', CATEGORY_RULE)
  const fields = checkFields(config)
  const baseUrl = checkBaseUrl(config, rules.allowedHosts)
  const apis = checkSupportedApis(config)
  const startTime = checkStartTime(config, rules.nowMs)
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

/** The `source` of a create request. Members beside schemaRef, config and sourceType are ignored: clients send what they read. */
export function checkNewSource(source: JsonObject, rules: SourceRules): NewSource {
  const section: RequestSection = { path: '', values: source, faults: [] }
  checkTypes(section)
  const config = requiredSubsection(section, 'config', 'the settings of the source')
  const settings = config && checkSettings(config, rules)
  const token = config && checkNewToken(config)
  if (!settings || token === undefined || section.faults.length > 0) return { faults: section.faults }
  return { settings, token }
}
