import type { FaultType } from '../../../shared/domain/failure/classification.ts'
import { TOKEN_MASK } from '../../../shared/domain/source/api-token.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { SCHEMA_TYPE, SOURCE_TYPE } from '../../../shared/domain/source/source-config.ts'
import type { SourceState } from '../../../shared/domain/source/source-state.ts'
import { etagOf } from '../http/etag.ts'
import { type AdminResult, entity } from '../http/message.ts'

/** How the API spells the types (reference/sumo-api §2.3). */
export const ERROR_TYPES: Readonly<Record<FaultType, string>> = {
  ThirdPartyConfig: 'THIRD-PARTY-CONFIG',
  ThirdPartyGeneric: 'THIRD-PARTY-GENERIC',
  FirstPartyGeneric: 'FIRST-PARTY-GENERIC',
}

/** Beside what is downloaded, which is then a file that says so. */
export const DOWNLOADED = { 'api.version': 'v1' } as const

const presentConfig = (source: Source) => ({
  name: source.name,
  ...(source.description !== undefined && { description: source.description }),
  ...(source.category !== undefined && { category: source.category }),
  fields: source.fields,
  base_url: source.configuredBaseUrl,
  supported_apis: source.apis,
  api_token: TOKEN_MASK,
  start_time: source.startTime,
})

const presentState = ({ state, error }: SourceState) => ({
  state,
  ...(error && { errorType: ERROR_TYPES[error.type], errorCode: error.code, errorInfo: error.info }),
})

/** A source as reference/sumo-api §4.5 shows it, with the mirrors of name and category that its clients read. */
export const presentSource = (source: Source, state: SourceState) => ({
  id: source.id,
  name: source.name,
  ...(source.category !== undefined && { category: source.category }),
  schemaRef: { type: SCHEMA_TYPE },
  config: presentConfig(source),
  state: presentState(state),
  sourceType: SOURCE_TYPE,
  alive: state.state !== 'Error' && state.state !== 'Stopping',
})

/** The same as download=true shows it (reference/sumo-api §4.4). */
export function presentDownload(source: Source, state: SourceState) {
  const { id: _, alive: __, ...downloaded } = presentSource(source, state)
  return downloaded
}

/** Of the configuration alone; a new token, which is not shown, changes it too. */
export const tagOf = (source: Source): string =>
  etagOf({ id: source.id, config: presentConfig(source), token: source.tokenVersion })

export const sourceAnswer = (status: number, source: Source, state: SourceState): AdminResult =>
  entity(status, { source: presentSource(source, state) }, tagOf(source))

export const downloadAnswer = (source: Source, state: SourceState): AdminResult =>
  entity(200, { ...DOWNLOADED, source: presentDownload(source, state) }, tagOf(source))
