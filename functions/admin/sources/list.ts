import type { Source } from '../../../shared/domain/source/source.ts'
import { type SourceState, sourceState } from '../../../shared/domain/source/source-state.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { collectorOf } from '../collectors/get.ts'
import { invalid } from '../http/api-error.ts'
import { type AdminHandler, json } from '../http/message.ts'
import { flagOf, queryOf, windowOf, within } from '../http/query.ts'
import { DOWNLOADED, presentDownload, presentSource } from './present.ts'

/** Sources whose tasks are read at once. */
const BATCH = 25

async function withStates<Shown>(
  { tasks }: AdminPorts,
  sources: readonly Source[],
  show: (source: Source, state: SourceState) => Shown,
): Promise<Shown[]> {
  const shown: Shown[] = []
  for (let at = 0; at < sources.length; at += BATCH) {
    const batch = sources.slice(at, at + BATCH)
    const showOne = async (source: Source) =>
      show(source, sourceState(source, await tasks.ofSource(source.id)))
    shown.push(...(await Promise.all(batch.map(showOne))))
  }
  return shown
}

/** GET /collectors/{collectorId}/sources, in the order of the ids. */
export const listSources =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const { id } = await collectorOf(ports, request)
    const query = queryOf(request)
    const window = windowOf(query)
    const download = flagOf(query, 'download')
    if (query.faults.length > 0) throw invalid(query.faults)
    const sources = within(await ports.registry.sources(id), window)
    if (!download) return json(200, { sources: await withStates(ports, sources, presentSource) })
    return json(200, { ...DOWNLOADED, sources: await withStates(ports, sources, presentDownload) })
  }
