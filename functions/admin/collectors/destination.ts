import { finishAll } from '../../../shared/domain/failure/combined-failure.ts'
import { findFieldFaults, type WantedDestination } from '../../../shared/domain/source/destination.ts'
import type { FieldFault } from '../../../shared/domain/source/request-section.ts'
import type { Collector, DestinationSetting, Source } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { doOptionalWork } from '../conditional-writes.ts'
import { invalid } from '../http/api-error.ts'
import { restart } from '../sources/restart.ts'

/*
 * The URL of a destination lies in a secret. Each URL has a secret of its own, whose name is never used again: it is written
 * before the collector that names it, and removed after nobody names it. So no request harms the secret of another one. If
 * a request dies in between, a secret stays that nobody reads.
 */

/** Stores a new URL. Returns the destination as the collector's item holds it. */
export async function storeDestination(
  { destinationSecrets }: AdminPorts,
  collectorId: number,
  wanted: WantedDestination,
): Promise<DestinationSetting> {
  if (!('url' in wanted)) return wanted
  const { type, lake, url } = wanted
  return { type, lake, secret: await destinationSecrets.create(collectorId, url) }
}

const findSecret = (destination: DestinationSetting): string | undefined =>
  destination.type === 'lake' ? undefined : destination.secret

/** Removes the secret of a destination that no collector has any more. `next`: what it has in its place. */
export async function removeDestination(
  ports: AdminPorts,
  collectorId: number,
  old: DestinationSetting,
  next?: DestinationSetting,
): Promise<void> {
  const secret = findSecret(old)
  if (secret === undefined || (next && findSecret(next) === secret)) return
  if (ports.settings.destinations.kinds.length === 0) {
    const why = 'the stack has no right to remove it: it was deployed without the setting destinations'
    ports.log.warn(`the secret ${secret} of a destination is left behind`, { collectorId, why })
    return
  }
  await doOptionalWork(ports, { collectorId }, `the secret ${secret} of a destination is left behind`, () =>
    ports.destinationSecrets.remove(secret),
  )
}

function findSourceFaults(destination: WantedDestination, { name, fields }: Source): FieldFault[] {
  return findFieldFaults(destination, fields, 'fields').map(({ field, message }) => ({
    field: 'destination',
    message: `cannot have ${field} of the source ${name}: it ${message}`,
  }))
}

/** Throws ApiError 400 if the collector's sources have fields that its new destination cannot take. */
export async function requireFieldsOfSources(
  { registry }: AdminPorts,
  { id, destination }: Collector,
  wanted: WantedDestination,
): Promise<void> {
  if (wanted.type === 'lake' || wanted.type === destination.type) return
  const sources = await registry.sources(id)
  const faults = sources.flatMap(source => findSourceFaults(wanted, source))
  if (faults.length > 0) throw invalid(faults)
}

/** Throws ApiError 400 if the destination of the source's collector cannot take its fields. */
export async function requireFieldsForDestination(
  { registry, settings }: AdminPorts,
  collectorId: number,
  fields: Source['fields'],
): Promise<void> {
  if (settings.destinations.kinds.length === 0 || Object.keys(fields).length === 0) return
  const collector = await registry.collector(collectorId)
  const faults = findFieldFaults(collector?.destination ?? { type: 'lake' }, fields, 'config.fields')
  if (faults.length > 0) throw invalid(faults)
}

/** So many sources are restarted at once. */
const BATCH = 25

async function restartIfWaiting(ports: AdminPorts, source: Source): Promise<void> {
  const tasks = await ports.tasks.tasksOfSource(source.id)
  if (tasks.some(({ error }) => error?.where === 'destination')) await restart(ports, source)
}

/** Restarts the sources that wait for their destination, which has just been changed. */
export async function restartWaitingSources(
  ports: AdminPorts,
  collectorId: number,
  [old, next]: readonly [old: DestinationSetting, next: DestinationSetting],
): Promise<void> {
  if (old.type === 'lake' || findSecret(old) === findSecret(next)) return
  await doOptionalWork(ports, { collectorId }, 'sources wait until they are restarted', async () => {
    const sources = (await ports.registry.sources(collectorId)).filter(({ stopping }) => !stopping)
    for (let at = 0; at < sources.length; at += BATCH)
      await finishAll(sources.slice(at, at + BATCH).map(source => restartIfWaiting(ports, source)))
  })
}
