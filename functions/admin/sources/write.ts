import type { Source } from '../../../shared/domain/source/source.ts'
import {
  checkNewSource,
  checkSourceUpdate,
  type SourceSettings,
} from '../../../shared/domain/source/source-config.ts'
import { toSourceState } from '../../../shared/domain/source/source-state.ts'
import { toIsoTime } from '../../../shared/domain/stream/timestamp.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { requireFieldsForDestination } from '../collectors/destination.ts'
import { findCollector } from '../collectors/read.ts'
import { claimName, doOptionalWork, releaseOldName } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { preconditionFailed, sourceNotFound } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import { requireMatch } from '../http/entity-tag.ts'
import type { Handler } from '../http/message.ts'
import { changeSource, chooseSalt, proposeVersion, requireStaying, sourceRules } from './change-source.ts'
import { findSource } from './read.ts'
import { beginAnew, createTasks, startCollection } from './restart.ts'
import { createSourceTag, sourceAnswer } from './view.ts'

/**
 * Writing the item of the source is the commit. A request that dies before it leaves nothing that is seen or
 * collects. The tasks come before the secret: if the request dies then, dispatch finds what is left by the tasks.
 */
export const createSource: Handler = async (ports, request) => {
  const { registry, tokenWriter } = ports
  const { id: collectorId } = await findCollector(ports, request)
  const entity = readEntity(request, 'source')
  const rules = await sourceRules(ports, entity)
  const checked = checkNewSource(entity, rules)
  const { settings, token, newFields } = readSettings(request, checked)
  await requireFieldsForDestination(ports, collectorId, settings.fields)
  const id = await registry.nextId()
  const claim = { collectorId, name: settings.name, ownerId: id }
  const tokenVersion = await claimName(ports, claim, async () => {
    await enableFields(ports, newFields)
    await createTasks(ports, { id, collectorId, ...settings }, settings.apis)
    return tokenWriter.createToken(id, token)
  })
  const createdAt = toIsoTime(rules.nowMs)
  const salt = chooseSalt(ports, settings)
  const source: Source = {
    schema: 1,
    id,
    collectorId,
    version: 1,
    ...settings,
    ...salt,
    tokenVersion,
    createdAt,
  }
  await registry.putSource(source)
  await startCollection(ports, source, 'registered')
  return sourceAnswer(source, toSourceState(source, []))
}

type Changed = SourceSettings & Pick<Source, 'tokenVersion'>

/**
 * Writes the new settings, but only while the stored ones still match the If-Match of the request. After a lost race
 * a new name stays reserved until the reservation is old.
 */
async function commit(ports: AdminPorts, current: Source, changed: Changed): Promise<Source> {
  const { schema, id, collectorId, version, createdAt } = current
  const tag = createSourceTag(current)
  const updated = await changeSource(ports, current, stored => {
    requireStaying(stored)
    if (createSourceTag(stored) !== tag) throw preconditionFailed()
    return { schema, id, collectorId, version, ...changed, ...chooseSalt(ports, changed, stored), createdAt }
  })
  if (updated) return updated
  // If the proposed token has created the secret again, dispatch removes it.
  await doOptionalWork(ports, { sourceId: id }, 'a secret may be left behind', () =>
    ports.bus.publishStopping([{ collectorId, sourceId: id }]),
  )
  throw sourceNotFound()
}

/**
 * One write of the item changes both the configuration and the token. What is written before this commit does no harm
 * without it.
 */
export const updateSource: Handler = async (ports, request) => {
  const current = await findSource(ports, request)
  requireStaying(current)
  requireMatch(request, createSourceTag(current))
  const entity = readEntity(request, 'source')
  const checked = checkSourceUpdate(entity, await sourceRules(ports, entity), current)
  const { settings, token, newFields } = readSettings(request, checked)
  const { id, collectorId, name: present } = current
  await requireFieldsForDestination(ports, collectorId, settings.fields)
  const claim = { collectorId, name: settings.name, ownerId: id, present }
  const tokenVersion = await claimName(ports, claim, async () => {
    await enableFields(ports, newFields)
    const added = settings.apis.filter(api => !current.apis.includes(api))
    await createTasks(ports, { ...current, ...settings }, added)
    return proposeVersion(ports, current, token)
  })
  const source = await commit(ports, current, { ...settings, tokenVersion })
  await releaseOldName(ports, claim)
  await beginAnew(ports, source, 'updated')
  return sourceAnswer(source, toSourceState(source, []))
}
