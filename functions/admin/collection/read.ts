import type { Collector, Source } from '../../../shared/domain/source/source.ts'
import { countedSince } from '../../../shared/domain/task/hourly-events.ts'
import type { Task, TaskKey } from '../../../shared/domain/task/task.ts'
import type { Registered } from '../../../shared/ports.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { createContentTag } from '../http/entity-tag.ts'
import { listAnswer } from '../http/list-answer.ts'
import type { Handler } from '../http/message.ts'
import { readQuery, WINDOW } from '../http/query.ts'
import { COLLECTED_COLLECTOR, COLLECTED_SOURCE } from './view.ts'

/** A scan reads the tasks of all sources with the fewest calls, and costs less than a query for each source. */
async function readTasks({ tasks }: AdminPorts): Promise<ReadonlyMap<number, readonly Task[]>> {
  const found: Task[] = []
  let after: TaskKey | undefined
  do {
    const page = await tasks.scan({ after })
    found.push(...page.tasks)
    after = page.last
  } while (after)
  return Map.groupBy(found, ({ sourceId }) => sourceId)
}

/** One line of the page: a source, or a collector that has none. */
interface Row {
  readonly collector: Collector
  readonly source?: Source
}

/** A source that is being deleted may have lost its collector: it is not shown. */
function listRows({ collectors, sources }: Registered): readonly Row[] {
  const byCollector = Map.groupBy(sources, ({ collectorId }) => collectorId)
  return collectors.flatMap((collector): Row[] => {
    const own = byCollector.get(collector.id) ?? []
    return own.length === 0 ? [{ collector }] : own.map(source => ({ collector, source }))
  })
}

interface Entry {
  readonly collector: Collector
  readonly source?: object
}

/** A collector whose sources are in two parts of the list is in both. */
const groupByCollector = (entries: readonly Entry[]): readonly object[] =>
  [...Map.groupBy(entries, ({ collector }) => collector).entries()].map(([collector, own]) =>
    COLLECTED_COLLECTOR.present({ ...collector, sources: own.flatMap(({ source }) => source ?? []) }),
  )

/** All that the Collection page shows, in two reads of tables: the registry and the tasks. */
export const getCollection: Handler = async (ports, request) => {
  const window = readQuery(request, WINDOW)
  const [registered, tasks] = await Promise.all([ports.registry.everything(), readTasks(ports)])
  const nowMs = ports.clock.now()
  const answer = await listAnswer(request, {
    items: listRows(registered),
    window,
    present: ({ collector, source }): Entry => ({
      collector,
      ...(source && {
        source: COLLECTED_SOURCE.present({ collector, source, nowMs, tasks: tasks.get(source.id) ?? [] }),
      }),
    }),
    toBody: entries => ({
      hoursSince: countedSince(nowMs),
      collectors: groupByCollector(entries as readonly Entry[]),
    }),
  })
  const etag = createContentTag(JSON.stringify([answer.body, answer.headers]))
  return { ...answer, headers: { ...answer.headers, etag } }
}
