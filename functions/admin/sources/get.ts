import type { Source } from '../../../shared/domain/source/source.ts'
import { sourceState } from '../../../shared/domain/source/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { collectorOf } from '../collectors/get.ts'
import { invalid, sourceNotFound } from '../http/api-error.ts'
import { type AdminHandler, type AdminRequest, idParameter } from '../http/message.ts'
import { flagOf, queryOf } from '../http/query.ts'
import { downloadAnswer, sourceAnswer } from './present.ts'

/** The source that the path names. Throws ApiError 404, of the collector if that is missing. */
export async function sourceOf(ports: AdminPorts, request: AdminRequest): Promise<Source> {
  const collectorId = idParameter(request, 'collectorId')
  const sourceId = idParameter(request, 'sourceId')
  if (collectorId !== undefined && sourceId !== undefined) {
    const registered = await ports.registry.registered(collectorId, sourceId)
    if (registered) return registered.source
  }
  await collectorOf(ports, request)
  throw sourceNotFound()
}

/** GET /collectors/{collectorId}/sources/{sourceId} */
export const getSource =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const source = await sourceOf(ports, request)
    const query = queryOf(request)
    const download = flagOf(query, 'download')
    if (query.faults.length > 0) throw invalid(query.faults)
    const state = sourceState(source, await ports.tasks.ofSource(source.id))
    return download ? downloadAnswer(source, state) : sourceAnswer(200, source, state)
  }
