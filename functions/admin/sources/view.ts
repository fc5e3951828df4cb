import { API_NAMES } from '../../../shared/contract/apis.ts'
import type { FaultType } from '../../../shared/domain/failure/classification.ts'
import { TOKEN_MASK } from '../../../shared/domain/source/api-token.ts'
import { BASE_URL } from '../../../shared/domain/source/base-url.ts'
import { FIELDS } from '../../../shared/domain/source/fields-setting.ts'
import { FILTER_TEXTS, RULE_TYPES } from '../../../shared/domain/source/filters-setting.ts'
import type { Typed } from '../../../shared/domain/source/shape.ts'
import type { ProcessingRule, Source } from '../../../shared/domain/source/source.ts'
import { SCHEMA_TYPE, SOURCE_TYPE } from '../../../shared/domain/source/source-config.ts'
import type { SourceState } from '../../../shared/domain/source/source-state.ts'
import { START_TIME } from '../../../shared/domain/source/start-time.ts'
import { CATEGORY, DESCRIPTION, NAME } from '../../../shared/domain/source/text-setting.ts'
import { createEntityTag } from '../http/entity-tag.ts'
import type { Answer } from '../http/message.ts'
import { choice, fixed, integer, list, text } from '../openapi/schema.ts'
import { view, without } from '../openapi/view.ts'

/** The spelling of the API (docs/reference/management-api.md, "Error types"). */
export const ERROR_TYPES: Readonly<Record<FaultType, string>> = {
  ThirdPartyConfig: 'THIRD-PARTY-CONFIG',
  ThirdPartyGeneric: 'THIRD-PARTY-GENERIC',
  FirstPartyGeneric: 'FIRST-PARTY-GENERIC',
}

/** A download is kept as a file. This tells what it is. */
export const DOWNLOADED = { 'api.version': 'v1' } as const

const FILTER = view<ProcessingRule>()({
  filterType: choice(RULE_TYPES),
  name: text(FILTER_TEXTS.name),
  regexp: text(FILTER_TEXTS.regexp),
  'mask?': text(FILTER_TEXTS.mask),
})

const CONFIG = view<Source>()({
  name: NAME.schema,
  'description?': DESCRIPTION.schema,
  'category?': CATEGORY.schema,
  fields: FIELDS.schema,
  base_url: [text(BASE_URL.schema), source => source.configuredBaseUrl],
  supported_apis: [list(choice(API_NAMES), { minItems: 1, uniqueItems: true }), source => source.apis],
  api_token: [{ const: TOKEN_MASK, description: 'The token itself is never shown.' }, () => TOKEN_MASK],
  start_time: [
    text({ ...START_TIME.schema, pattern: '^[0-9-]{10}T[0-9:]{8}Z$' }),
    source => source.startTime,
  ],
  'filters?': [list(FILTER.schema), ({ filters }) => filters?.map(FILTER.present)],
})

export const STEPS = ['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting', 'Error'] as const

export const STATE = view<SourceState>()({
  state: choice([...STEPS, 'Stopping'], { description: "The worst of the source's APIs." }),
  'errorType?': [choice(Object.values(ERROR_TYPES)), ({ error }) => error && ERROR_TYPES[error.type]],
  'errorCode?': [integer({ description: 'The HTTP status, if there was one.' }), ({ error }) => error?.code],
  'errorInfo?': [text({ description: 'What happened and what to do.' }), ({ error }) => error?.info],
})

const SCHEMA_REF = view()({ type: fixed(SCHEMA_TYPE) })

const BOOLEAN: Typed<boolean> = { type: 'boolean' }

interface Seen extends Source {
  readonly state: SourceState
}

/**
 * As docs/reference/management-api.md, "The source object" shows a source. Its clients also read the copies of name
 * and category.
 */
export const SOURCE = view<Seen>()({
  id: integer(),
  name: text({ ...NAME.schema, description: 'Mirror of config.name, not read on input.' }),
  'category?': text({ ...CATEGORY.schema, description: 'Mirror of config.category, not read on input.' }),
  schemaRef: [SCHEMA_REF, source => source],
  config: [CONFIG, source => source],
  state: STATE,
  sourceType: fixed(SOURCE_TYPE),
  alive: [BOOLEAN, ({ state: { state } }) => state !== 'Error' && state !== 'Stopping'],
})

/** What download=true shows (docs/reference/management-api.md, "Sources"). */
export const DOWNLOADED_SOURCE = without(SOURCE, 'id', 'alive')

/** Follows from the configuration only. A new token, which is not shown, changes it too. */
export const createSourceTag = (source: Source): string =>
  createEntityTag({ id: source.id, config: CONFIG.present(source), token: source.tokenVersion })

/** With `download` it is the configuration alone, to be kept. */
export function sourceAnswer(source: Source, state: SourceState, { download = false } = {}): Answer {
  const shown = { source: (download ? DOWNLOADED_SOURCE : SOURCE).present({ ...source, state }) }
  return { body: { ...(download && DOWNLOADED), ...shown }, headers: { etag: createSourceTag(source) } }
}
