import { TOKEN_MASK } from '../../../shared/domain/api-token.ts'
import type { FaultType } from '../../../shared/domain/failure.ts'
import type { Source } from '../../../shared/domain/source.ts'
import { SCHEMA_TYPE, SOURCE_TYPE } from '../../../shared/domain/source-config.ts'
import type { SourceState } from '../../../shared/domain/source-state.ts'
import { etagOf } from '../etag.ts'
import { type AdminResult, entity } from '../http.ts'

/** How the API spells the types (reference/sumo-api §2.3). */
const ERROR_TYPES: Readonly<Record<FaultType, string>> = {
  ThirdPartyConfig: 'THIRD-PARTY-CONFIG',
  ThirdPartyGeneric: 'THIRD-PARTY-GENERIC',
  FirstPartyGeneric: 'FIRST-PARTY-GENERIC',
}

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

export const sourceAnswer = (status: number, source: Source, state: SourceState): AdminResult =>
  entity(
    status,
    { source: presentSource(source, state) },
    etagOf({ id: source.id, config: presentConfig(source) }),
  )
