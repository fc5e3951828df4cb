import type { Source } from '../../../shared/domain/source/source.ts'
import { checkSourceUpdate } from '../../../shared/domain/source/source-config.ts'
import { sourceState } from '../../../shared/domain/source/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { claimName } from '../claim-name.ts'
import { enableFields } from '../fields/enable-fields.ts'
import { preconditionFailed, sourceNotFound } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import type { AdminHandler, AdminRequest } from '../http/message.ts'
import { requireMatch } from '../http/preconditions.ts'
import { requested } from '../requested.ts'
import { afterCommit } from './after-commit.ts'
import { beginAnew, createTasks } from './begin-anew.ts'
import { changeSource, requireStaying } from './change-source.ts'
import { sourceOf } from './get.ts'
import { sourceAnswer, tagOf } from './present.ts'
import { promoteNamed, proposedVersion } from './token-version.ts'

function checkedUpdate(ports: AdminPorts, request: AdminRequest, current: Source) {
  const nowMs = ports.clock.now()
  const rules = { allowedHosts: ports.settings.allowedHosts, nowMs }
  const checked = checkSourceUpdate(readEntity(request, 'source'), rules, current)
  return { ...requested(request, checked), current, nowMs }
}

type Update = ReturnType<typeof checkedUpdate>

/** What must stand before the commit, and harms nobody without it. Answers the token's version. */
async function prepare(
  ports: AdminPorts,
  { current, settings, token, newFields, nowMs }: Update,
): Promise<string> {
  const preparation = async () => {
    await enableFields(ports, newFields)
    const added = settings.apis.filter(api => !current.apis.includes(api))
    await createTasks(ports, { ...current, ...settings }, added, nowMs)
    return proposedVersion(ports, current, token)
  }
  const { id: ownerId, collectorId } = current
  if (settings.name === current.name) return preparation()
  return claimName(ports, { collectorId, name: settings.name, ownerId, nowMs }, preparation)
}

/**
 * Only what the user decides, and only while it is what the request's If-Match spoke of. After a lost race a new name
 * stays reserved until that is old.
 */
async function commit(
  ports: AdminPorts,
  { current, settings }: Update,
  tokenVersion: string,
): Promise<Source> {
  const { schema, id, collectorId, version, createdAt } = current
  const tag = tagOf(current)
  const updated = await changeSource(ports, current, stored => {
    requireStaying(stored)
    if (tagOf(stored) !== tag) throw preconditionFailed()
    return { schema, id, collectorId, version, ...settings, tokenVersion, createdAt }
  })
  if (updated) return updated
  // Dispatch removes the secret again if the proposed token has made it anew.
  await afterCommit(ports, current, 'a secret may be left behind', () =>
    ports.bus.publishStopping([{ collectorId, sourceId: id }]),
  )
  throw sourceNotFound()
}

async function conclude(ports: AdminPorts, { current }: Update, source: Source): Promise<void> {
  const { id: ownerId, collectorId } = source
  if (source.name !== current.name) {
    await afterCommit(ports, source, 'the old name stays reserved for a minute', () =>
      ports.registry.releaseName({ collectorId, name: current.name, ownerId }),
    )
  }
  await promoteNamed(ports, source)
  await beginAnew(ports, source, 'updated')
}

/** PUT /collectors/{collectorId}/sources/{sourceId}: configuration and token in the one write of the source's item. */
export const updateSource =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const current = await sourceOf(ports, request)
    requireStaying(current)
    requireMatch(request, tagOf(current))
    const update = checkedUpdate(ports, request, current)
    const tokenVersion = await prepare(ports, update)
    const source = await commit(ports, update, tokenVersion)
    await conclude(ports, update, source)
    return sourceAnswer(200, source, sourceState(source, []))
  }
