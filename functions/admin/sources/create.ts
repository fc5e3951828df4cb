import type { Source } from '../../../shared/domain/source/source.ts'
import { checkNewSource } from '../../../shared/domain/source/source-config.ts'
import { toSourceState } from '../../../shared/domain/source/source-state.ts'
import { toIsoTime } from '../../../shared/domain/stream/timestamp.ts'
import { findCollector } from '../collectors/read.ts'
import { claimName } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { readEntity } from '../http/body.ts'
import type { Handler } from '../http/message.ts'
import { sourceRules } from './change-source.ts'
import { createTasks, startCollection } from './restart.ts'
import { sourceAnswer } from './view.ts'

/**
 * Writing the item of the source is the commit. A request that dies before it leaves nothing that is seen or
 * collects. The tasks come before the secret: if the request dies then, dispatch finds what is left by the tasks.
 */
export const createSource: Handler = async (ports, request) => {
  const { registry, tokenWriter } = ports
  const { id: collectorId } = await findCollector(ports, request)
  const rules = sourceRules(ports)
  const checked = checkNewSource(readEntity(request, 'source'), rules)
  const { settings, token, newFields } = readSettings(request, checked)
  const id = await registry.nextId()
  const claim = { collectorId, name: settings.name, ownerId: id }
  const tokenVersion = await claimName(ports, claim, async () => {
    await enableFields(ports, newFields)
    await createTasks(ports, { id, collectorId, ...settings }, settings.apis)
    return tokenWriter.createToken(id, token)
  })
  const createdAt = toIsoTime(rules.nowMs)
  const source: Source = { schema: 1, id, collectorId, version: 1, ...settings, tokenVersion, createdAt }
  await registry.putSource(source)
  await startCollection(ports, source, 'registered')
  return sourceAnswer(201, source, toSourceState(source, []))
}
