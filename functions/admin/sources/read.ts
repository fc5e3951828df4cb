import type { Source } from '../../../shared/domain/source/source.ts'
import { toSourceState } from '../../../shared/domain/source/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { findCollector } from '../collectors/read.ts'
import { sourceNotFound } from '../http/api-error.ts'
import { listAnswer } from '../http/list-answer.ts'
import { type AdminRequest, type Handler, readId } from '../http/message.ts'
import { flag, readQuery, WINDOW } from '../http/query.ts'
import { presentTask } from './task-view.ts'
import { DOWNLOADED, DOWNLOADED_SOURCE, SOURCE, sourceAnswer } from './view.ts'

/** Returns the source that the path names. Throws ApiError 404, of the collector if that is missing. */
export async function findSource(ports: AdminPorts, request: AdminRequest): Promise<Source> {
  const collectorId = readId(request, 'collectorId')
  const sourceId = readId(request, 'sourceId')
  if (collectorId !== undefined && sourceId !== undefined) {
    const registered = await ports.registry.registered(collectorId, sourceId)
    if (registered) return registered.source
  }
  await findCollector(ports, request)
  throw sourceNotFound()
}

export const DOWNLOAD = { download: flag('Without id and alive, as a configuration to keep.') }

export const getSource: Handler = async (ports, request) => {
  const source = await findSource(ports, request)
  const { download } = readQuery(request, DOWNLOAD)
  const state = toSourceState(source, await ports.tasks.tasksOfSource(source.id))
  return sourceAnswer(source, state, { download })
}

export const LISTING = { ...WINDOW, ...DOWNLOAD }

/** In the order of the ids. */
export const listSources: Handler = async (ports, request) => {
  const { id } = await findCollector(ports, request)
  const { download, ...window } = readQuery(request, LISTING)
  const { present } = download ? DOWNLOADED_SOURCE : SOURCE
  return listAnswer(request, {
    items: await ports.registry.sources(id),
    window,
    present: async source =>
      present({ ...source, state: toSourceState(source, await ports.tasks.tasksOfSource(source.id)) }),
    toBody: sources => ({ ...(download && DOWNLOADED), sources }),
  })
}

/** Our extension: one task for each API, in the order of the source. */
export const listTasks: Handler = async (ports, request) => {
  const source = await findSource(ports, request)
  const tasks = await ports.tasks.tasksOfSource(source.id)
  const nowMs = ports.clock.now()
  const shown = source.apis.map(api => {
    const task = tasks.find(candidate => candidate.api === api)
    return presentTask(source, api, task, nowMs)
  })
  return { body: { tasks: shown } }
}
