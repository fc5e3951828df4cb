import { API_NAMES } from '../../../shared/contract/apis.ts'
import { answered, given, listOf, orNull, type Schema, schemaRef } from './schema.ts'
import { CATEGORY, DESCRIPTION, FIELDS, FIELDS_GIVEN, NAME } from './setting-schemas.ts'

const BASE_URL: Schema = {
  type: 'string',
  minLength: 1,
  description: 'Host of the Events API, with or without https://, e.g. events.1password.com.',
}

const START_TIME: Schema = {
  type: 'string',
  format: 'date-time',
  description:
    'Our extension: start of the first window, up to 120 days back. Default: a day before the creation. ' +
    'A changed one counts only for APIs that have not begun to collect.',
}

const MASK = '********'

const CONFIG = answered(
  {
    name: NAME,
    description: DESCRIPTION,
    category: CATEGORY,
    fields: FIELDS,
    base_url: BASE_URL,
    supported_apis: { ...listOf({ enum: API_NAMES }), minItems: 1, uniqueItems: true },
    api_token: { const: MASK, description: 'The token itself is never shown.' },
    start_time: { ...START_TIME, pattern: '^[0-9-]{10}T[0-9:]{8}Z$' },
  },
  ['description', 'category'],
)

const CONFIG_GIVEN = {
  name: { ...NAME, description: "Unique among the collector's sources." },
  description: orNull(DESCRIPTION),
  category: orNull(CATEGORY),
  fields: FIELDS_GIVEN,
  base_url: BASE_URL,
  supported_apis: {
    ...listOf({ type: 'string', examples: API_NAMES }),
    minItems: 1,
    maxItems: API_NAMES.length,
    description: `Of ${API_NAMES.join(', ')}; other spellings of these are understood.`,
  },
  start_time: orNull(START_TIME),
}

const TOKEN: Schema = { type: 'string', maxLength: 8192, writeOnly: true }

const NEW_CONFIG: Schema = {
  ...given({ ...CONFIG_GIVEN, api_token: { ...TOKEN, minLength: 1, pattern: '[^*]' } }, [
    'name',
    'base_url',
    'supported_apis',
    'api_token',
  ]),
  additionalProperties: false,
}

const CONFIG_UPDATE: Schema = {
  ...given(
    {
      ...CONFIG_GIVEN,
      api_token: { ...orNull(TOKEN), description: `Left out, or ${MASK}: the present token stays.` },
    },
    ['name', 'base_url', 'supported_apis'],
  ),
  additionalProperties: false,
}

const SCHEMA_REF = given(
  { type: { const: '1Password' }, version: { description: 'Ignored: there is one version.' } },
  ['type'],
)

const SOURCE_TYPE: Schema = { const: 'Universal' }

const sourceGiven = (config: Schema, id: Schema, required: readonly string[]): Schema =>
  given({ source: given({ id, schemaRef: SCHEMA_REF, sourceType: SOURCE_TYPE, config }, required) }, [
    'source',
  ])

const REQUIRED = ['schemaRef', 'sourceType', 'config']

const STATE = answered(
  {
    state: {
      enum: ['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting', 'Error', 'Stopping'],
      description: "The worst of the source's APIs.",
    },
    errorType: { enum: ['THIRD-PARTY-CONFIG', 'THIRD-PARTY-GENERIC', 'FIRST-PARTY-GENERIC'] },
    errorCode: { type: 'integer', description: 'The HTTP status, if there was one.' },
    errorInfo: { type: 'string', description: 'What happened and what to do.' },
  },
  ['errorType', 'errorCode', 'errorInfo'],
)

const DOWNLOADED = {
  name: { ...NAME, description: 'Mirror of config.name, not read on input.' },
  category: { ...CATEGORY, description: 'Mirror of config.category, not read on input.' },
  schemaRef: answered({ type: { const: '1Password' } }),
  config: CONFIG,
  state: STATE,
  sourceType: SOURCE_TYPE,
}

const API_VERSION = { 'api.version': { const: 'v1' } }

const oneOrDownloaded = (member: string, shape: (schema: Schema) => Schema): Schema => ({
  oneOf: [
    answered({ [member]: shape(schemaRef('Source')) }),
    answered({ ...API_VERSION, [member]: shape(schemaRef('DownloadedSource')) }),
  ],
})

export const SOURCE_SCHEMAS = {
  Source: answered({ id: { type: 'integer' }, ...DOWNLOADED, alive: { type: 'boolean' } }, ['category']),
  DownloadedSource: answered(DOWNLOADED, ['category']),
  SourceAnswer: answered({ source: schemaRef('Source') }),
  SourceOrDownload: oneOrDownloaded('source', schema => schema),
  SourceListOrDownload: oneOrDownloaded('sources', listOf),
  NewSource: sourceGiven(NEW_CONFIG, { description: 'Ignored: it is assigned.' }, REQUIRED),
  SourceUpdate: sourceGiven(CONFIG_UPDATE, { type: 'integer', description: 'As in the path.' }, [
    'id',
    ...REQUIRED,
  ]),
}
