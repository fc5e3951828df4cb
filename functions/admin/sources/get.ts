import { sourceState } from '../../../shared/domain/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { sourceNotFound } from '../api-error.ts'
import { collectorOf } from '../collectors/get.ts'
import { type AdminHandler, idParameter } from '../http.ts'
import { sourceAnswer } from './present.ts'

/** GET /collectors/{collectorId}/sources/{sourceId} */
export const getSource =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const { id: collectorId } = await collectorOf(ports, request)
    const sourceId = idParameter(request, 'sourceId')
    const registered =
      sourceId === undefined ? undefined : await ports.registry.registered(collectorId, sourceId)
    if (!registered) throw sourceNotFound()
    const { source } = registered
    return sourceAnswer(200, source, sourceState(await ports.tasks.ofSource(source.id)))
  }
