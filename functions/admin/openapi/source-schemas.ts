import { API_NAMES } from '../../../shared/contract/apis.ts'
import { TOKEN_MASK } from '../../../shared/domain/source/api-token.ts'
import { BASE_URL } from '../../../shared/domain/source/base-url.ts'
import { FIELDS } from '../../../shared/domain/source/fields-setting.ts'
import type { Fields } from '../../../shared/domain/source/source.ts'
import {
  NEW_SOURCE,
  SCHEMA_TYPE,
  SOURCE_TYPE,
  SOURCE_UPDATE,
} from '../../../shared/domain/source/source-config.ts'
import { START_TIME } from '../../../shared/domain/source/start-time.ts'
import { CATEGORY, DESCRIPTION, NAME } from '../../../shared/domain/source/text-setting.ts'
import { ERROR_TYPES } from '../sources/present.ts'
import { answered, constant, integer, listOf, named, oneOf, type Typed, text, wrapped } from './schema.ts'

const CONFIG = answered({
  name: text(NAME.schema),
  'description?': text(DESCRIPTION.schema),
  'category?': text(CATEGORY.schema),
  fields: FIELDS.schema as Typed<Fields>,
  base_url: text(BASE_URL.schema),
  supported_apis: listOf(oneOf(API_NAMES), { minItems: 1, uniqueItems: true }),
  api_token: constant(TOKEN_MASK, { description: 'The token itself is never shown.' }),
  start_time: text({ ...START_TIME.schema, pattern: '^[0-9-]{10}T[0-9:]{8}Z$' }),
})

const STATE = answered({
  state: oneOf(['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting', 'Error', 'Stopping'], {
    description: "The worst of the source's APIs.",
  }),
  'errorType?': oneOf(Object.values(ERROR_TYPES)),
  'errorCode?': integer({ description: 'The HTTP status, if there was one.' }),
  'errorInfo?': text({ description: 'What happened and what to do.' }),
})

const DOWNLOADED = {
  name: text({ ...NAME.schema, description: 'Mirror of config.name, not read on input.' }),
  'category?': text({ ...CATEGORY.schema, description: 'Mirror of config.category, not read on input.' }),
  schemaRef: answered({ type: constant(SCHEMA_TYPE) }),
  config: CONFIG,
  state: STATE,
  sourceType: constant(SOURCE_TYPE),
}

export const SOURCE = answered({ id: integer(), ...DOWNLOADED, alive: { type: 'boolean' } as Typed<boolean> })
const DOWNLOAD = answered(DOWNLOADED)

const SHOWN = named('Source', SOURCE)
const SHOWN_DOWNLOAD = named('DownloadedSource', DOWNLOAD)
const VERSION = { 'api.version': constant('v1') }

export const SOURCE_SCHEMAS = {
  Source: SOURCE,
  DownloadedSource: DOWNLOAD,
  SourceAnswer: answered({ source: SHOWN }),
  SourceOrDownload: {
    oneOf: [answered({ source: SHOWN }), answered({ ...VERSION, source: SHOWN_DOWNLOAD })],
  },
  SourceListOrDownload: {
    oneOf: [answered({ sources: listOf(SHOWN) }), answered({ ...VERSION, sources: listOf(SHOWN_DOWNLOAD) })],
  },
  NewSource: wrapped('source', NEW_SOURCE),
  SourceUpdate: wrapped('source', SOURCE_UPDATE),
}
