import { firstTask } from '../../../shared/domain/first-task.ts'
import type { Source } from '../../../shared/domain/source.ts'
import { checkNewSource, type NewSource } from '../../../shared/domain/source-config.ts'
import { sourceState } from '../../../shared/domain/source-state.ts'
import type { Task } from '../../../shared/domain/task.ts'
import type { NameReservation } from '../../../shared/ports.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { invalid, nameTaken } from '../api-error.ts'
import { readEntity } from '../body.ts'
import { collectorOf } from '../collectors/get.ts'
import type { AdminHandler } from '../http.ts'
import { sourceAnswer } from './present.ts'

type Valid = Extract<NewSource, { readonly token: string }>

async function newSource(
  ports: AdminPorts,
  collectorId: number,
  { settings }: Valid,
  nowMs: number,
): Promise<Source> {
  const id = await ports.registry.nextId()
  return { schema: 1, id, collectorId, version: 1, ...settings, createdAt: new Date(nowMs).toISOString() }
}

/** What must stand before the source can be seen. Of a failure here nobody knows yet, so the name is free again. */
async function prepare(
  { log, registry, tasks, tokenWriter }: AdminPorts,
  reservation: NameReservation,
  token: string,
  firstTasks: readonly Task[],
): Promise<void> {
  if (!(await registry.reserveName(reservation))) throw nameTaken()
  try {
    await tokenWriter.createToken(reservation.ownerId, token)
    await Promise.all(firstTasks.map(task => tasks.create(task)))
  } catch (error) {
    await registry
      .releaseName(reservation)
      .catch(() => log.warn('name stays reserved for a minute', { sourceId: reservation.ownerId }))
    throw error
  }
}

/** Collection starts at once; should the bus refuse, the next tick starts it. */
async function start({ bus, log }: AdminPorts, { id: sourceId, collectorId, apis }: Source): Promise<void> {
  try {
    await bus.publishDue(apis.map(api => ({ collectorId, sourceId, api, reason: 'registered' })))
  } catch (error) {
    log.warn('first collection waits for the tick', { sourceId, error: String(error) })
  }
}

/**
 * POST /collectors/{collectorId}/sources. The source's item is the commit: a create that dies before it leaves nothing
 * that can be seen or that collects.
 */
export const createSource =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const collector = await collectorOf(ports, request)
    const nowMs = ports.clock.now()
    const { allowedHosts } = ports.settings
    const checked = checkNewSource(readEntity(request, 'source'), { allowedHosts, nowMs })
    if (checked.faults) throw invalid(checked.faults)
    const source = await newSource(ports, collector.id, checked, nowMs)
    const firstTasks = source.apis.map(api => firstTask(source, api, source.createdAt))
    const reservation = { collectorId: collector.id, name: source.name, ownerId: source.id, nowMs }
    await prepare(ports, reservation, checked.token, firstTasks)
    await ports.registry.putSource(source)
    await start(ports, source)
    return sourceAnswer(201, source, sourceState(firstTasks))
  }
