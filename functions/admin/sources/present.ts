import type { FaultType } from '../../../shared/domain/failure/classification.ts'
import { TOKEN_MASK } from '../../../shared/domain/source/api-token.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { SCHEMA_TYPE, SOURCE_TYPE } from '../../../shared/domain/source/source-config.ts'
import type { SourceState } from '../../../shared/domain/source/source-state.ts'
import { createEntityTag } from '../http/entity-tag.ts'
import { type AdminResult, entity } from '../http/message.ts'

/** The spelling of the API (reference/sumo-api §2.3). */
export const ERROR_TYPES: Readonly<Record<FaultType, string>> = {
  ThirdPartyConfig: 'THIRD-PARTY-CONFIG',
  ThirdPartyGeneric: 'THIRD-PARTY-GENERIC',
  FirstPartyGeneric: 'FIRST-PARTY-GENERIC',
}

/** A download is kept as a file. This tells what it is. */
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

/** As reference/sumo-api §4.5 shows a source. Its clients also read the copies of name and category. */
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

/** What download=true shows (reference/sumo-api §4.4). */
export function presentDownload(source: Source, state: SourceState) {
  const { id: _, alive: __, ...downloaded } = presentSource(source, state)
  return downloaded
}

/** Follows from the configuration only. A new token, which is not shown, changes it too. */
export const createSourceTag = (source: Source): string =>
  createEntityTag({ id: source.id, config: presentConfig(source), token: source.tokenVersion })

export const sourceAnswer = (status: number, source: Source, state: SourceState): AdminResult =>
  entity(status, { source: presentSource(source, state) }, createSourceTag(source))

export const downloadAnswer = (source: Source, state: SourceState): AdminResult =>
  entity(200, { ...DOWNLOADED, source: presentDownload(source, state) }, createSourceTag(source))
