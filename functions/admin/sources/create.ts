import type { Source } from '../../../shared/domain/source/source.ts'
import { checkNewSource } from '../../../shared/domain/source/source-config.ts'
import { toSourceState } from '../../../shared/domain/source/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { findCollector } from '../collectors/read.ts'
import { claimName } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { readEntity } from '../http/body.ts'
import type { AdminRequest, Handler } from '../http/message.ts'
import { createTasks, startCollection } from './restart.ts'
import { sourceAnswer } from './view.ts'

function checkCreation(ports: AdminPorts, request: AdminRequest) {
  const nowMs = ports.clock.now()
  const rules = { allowedHosts: ports.settings.allowedHosts, nowMs }
  return { ...readSettings(request, checkNewSource(readEntity(request, 'source'), rules)), nowMs }
}

type Creation = ReturnType<typeof checkCreation>

/**
 * Writes everything that the source needs before it can be seen. The tasks come before the secret: if this request dies
 * here, dispatch finds what is left by the tasks. Returns the version of the token.
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
 * Writing the item of the source is the commit. A request that dies before it leaves nothing that is seen or
 * collects.
 */
export const createSource: Handler = async (ports, request) => {
  const { id: collectorId } = await findCollector(ports, request)
  const creation = checkCreation(ports, request)
  const id = await ports.registry.nextId()
  const createdAt = new Date(creation.nowMs).toISOString()
  const untokened = { schema: 1 as const, id, collectorId, version: 1, ...creation.settings, createdAt }
  const source: Source = { ...untokened, tokenVersion: await prepare(ports, untokened, creation) }
  await ports.registry.putSource(source)
  await startCollection(ports, source, 'registered')
  return sourceAnswer(201, source, toSourceState(source, []))
}
