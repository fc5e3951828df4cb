import type { Source } from '../../../shared/domain/source/source.ts'
import { checkNewSource } from '../../../shared/domain/source/source-config.ts'
import { sourceState } from '../../../shared/domain/source/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName } from '../claim-name.ts'
import { collectorOf } from '../collectors/get.ts'
import { enableFields } from '../fields/enable-fields.ts'
import { readEntity } from '../http/body.ts'
import type { AdminHandler, AdminRequest } from '../http/message.ts'
import { requested } from '../requested.ts'
import { createTasks, startCollection } from './begin-anew.ts'
import { sourceAnswer } from './present.ts'

function checkedCreation(ports: AdminPorts, request: AdminRequest) {
  const nowMs = ports.clock.now()
  const rules = { allowedHosts: ports.settings.allowedHosts, nowMs }
  return { ...requested(request, checkNewSource(readEntity(request, 'source'), rules)), nowMs }
}

type Creation = ReturnType<typeof checkedCreation>

/**
 * What must stand before the source can be seen. Tasks before the secret: by them dispatch finds what a create that died
 * here has left. Answers the token's version.
 */
async function prepare(
  ports: AdminPorts,
  source: Omit<Source, 'tokenVersion'>,
  { token, newFields, nowMs }: Creation,
): Promise<string> {
  const { collectorId, name, id } = source
  return claimName(ports, { collectorId, name, ownerId: id, nowMs }, async () => {
    await enableFields(ports, newFields)
    await createTasks(ports, source, source.apis, nowMs)
    return ports.tokenWriter.createToken(id, token)
  })
}

/**
 * POST /collectors/{collectorId}/sources. The source's item is the commit: a create that dies before it leaves nothing
 * that can be seen or that collects.
 */
export const createSource =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const { id: collectorId } = await collectorOf(ports, request)
    const creation = checkedCreation(ports, request)
    const id = await ports.registry.nextId()
    const createdAt = new Date(creation.nowMs).toISOString()
    const untokened = { schema: 1 as const, id, collectorId, version: 1, ...creation.settings, createdAt }
    const source: Source = { ...untokened, tokenVersion: await prepare(ports, untokened, creation) }
    await ports.registry.putSource(source)
    await startCollection(ports, source, 'registered')
    return sourceAnswer(201, source, sourceState(source, []))
  }
