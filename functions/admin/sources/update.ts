import type { Source } from '../../../shared/domain/source/source.ts'
import { checkSourceUpdate } from '../../../shared/domain/source/source-config.ts'
import { toSourceState } from '../../../shared/domain/source/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName, doOptionalWork } from '../conditional-writes.ts'
import { enableFields, readSettings } from '../fields/enable-fields.ts'
import { preconditionFailed, sourceNotFound } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import { requireMatch } from '../http/entity-tag.ts'
import type { AdminRequest, Handler } from '../http/message.ts'
import { changeSource, requireStaying } from './change-source.ts'
import { findSource } from './read.ts'
import { beginAnew, createTasks } from './restart.ts'
import { promoteNamed, proposeVersion } from './token-version.ts'
import { createSourceTag, sourceAnswer } from './view.ts'

function checkUpdate(ports: AdminPorts, request: AdminRequest, current: Source) {
  const nowMs = ports.clock.now()
  const rules = { allowedHosts: ports.settings.allowedHosts, nowMs }
  const checked = checkSourceUpdate(readEntity(request, 'source'), rules, current)
  return { ...readSettings(request, checked), current, nowMs }
}

type Update = ReturnType<typeof checkUpdate>

/** Writes what the commit needs. Without the commit it does no harm. Returns the version of the token. */
async function prepare(
  ports: AdminPorts,
  { current, settings, token, newFields, nowMs }: Update,
): Promise<string> {
  const { id: ownerId, collectorId, name: present } = current
  return claimName(ports, { collectorId, name: settings.name, ownerId, nowMs, present }, async () => {
    await enableFields(ports, newFields)
    const added = settings.apis.filter(api => !current.apis.includes(api))
    await createTasks(ports, { ...current, ...settings }, added, nowMs)
    return proposeVersion(ports, current, token)
  })
}

/**
 * Writes the new settings, but only while the stored ones still match the If-Match of the request. After a lost race
 * a new name stays reserved until the reservation is old.
 */
async function commit(
  ports: AdminPorts,
  { current, settings }: Update,
  tokenVersion: string,
): Promise<Source> {
  const { schema, id, collectorId, version, createdAt } = current
  const tag = createSourceTag(current)
  const updated = await changeSource(ports, current, stored => {
    requireStaying(stored)
    if (createSourceTag(stored) !== tag) throw preconditionFailed()
    return { schema, id, collectorId, version, ...settings, tokenVersion, createdAt }
  })
  if (updated) return updated
  // If the proposed token has created the secret again, dispatch removes it.
  await doOptionalWork(ports, { sourceId: id }, 'a secret may be left behind', () =>
    ports.bus.publishStopping([{ collectorId, sourceId: id }]),
  )
  throw sourceNotFound()
}

async function conclude(ports: AdminPorts, { current }: Update, source: Source): Promise<void> {
  const { id: ownerId, collectorId } = source
  if (source.name !== current.name) {
    await doOptionalWork(ports, { sourceId: ownerId }, 'the old name stays reserved for a minute', () =>
      ports.registry.releaseName({ collectorId, name: current.name, ownerId }),
    )
  }
  await promoteNamed(ports, source)
  await beginAnew(ports, source, 'updated')
}

/** One write of the item changes both the configuration and the token. */
export const updateSource: Handler = async (ports, request) => {
  const current = await findSource(ports, request)
  requireStaying(current)
  requireMatch(request, createSourceTag(current))
  const update = checkUpdate(ports, request, current)
  const tokenVersion = await prepare(ports, update)
  const source = await commit(ports, update, tokenVersion)
  await conclude(ports, update, source)
  return sourceAnswer(200, source, toSourceState(source, []))
}
