import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { dispatchSegments } from '../../../functions/dispatch/segments.ts'
import type { DispatchPorts, Tick, TickNote } from '../../../functions/dispatch/tick.ts'
import { systemRandom } from '../../../shared/adapters/system.ts'
import type { CollectionDue, TickSegment } from '../../../shared/contract/events.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { fakeBus } from '../../support/fakes/bus.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeHealthEvents } from '../../support/fakes/health-events.ts'
import { fakeRegistry } from '../../support/fakes/registry.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { fakeTicks } from '../../support/fakes/ticks.ts'
import { fakeTokenRemover } from '../../support/fakes/tokens.ts'
import { type Kill, killable } from '../../support/killing.ts'
import { sampleSource, sampleTask } from '../../support/sample-task.ts'

export const TICK_MS = 300_000

/** The time of a tick. */
export const T = 1000 * TICK_MS

export const sorted = (ids: readonly string[]): string[] => ids.toSorted()

export const idOf = ({ sourceId, api }: Pick<CollectionDue, 'sourceId' | 'api'>): string =>
  `${sourceId}/${api}`

interface Size {
  readonly sources: number
  readonly pageSize: number
}

const createTasks = (sources: number): Task[] =>
  Array.from({ length: sources }, (_, sourceId) =>
    (['sign-in', 'itemUsage', 'auditEvents'] as const).map(api =>
      sampleTask({ sourceId: sourceId + 1, collectorId: 1, api, state: 'Collecting' }),
    ),
  ).flat()

/** A table of tasks that a tick works through in segments, if it has more than one page. */
export function createLargeTable({ sources, pageSize }: Size) {
  const clock = fakeClock()
  const tasks = fakeTasks(createTasks(sources), { pageSize })
  const bus = fakeBus()
  const ticks = fakeTicks()
  const ended: Tick[] = []
  const notes: TickNote[] = []
  const ports: DispatchPorts = {
    ...{ clock, random: systemRandom, tasks, bus, ticks },
    registry: { ...fakeRegistry(), registered: async () => sampleSource() },
    tokenRemover: fakeTokenRemover(new Map()),
    healthEvents: fakeHealthEvents(),
  }
  const reports = { onEnd: (end: Tick) => ended.push(end), onNote: (note: TickNote) => notes.push(note) }

  /** An invocation for the event of the schedule, which is killed or not. Other invocations share the stores. */
  async function tick(
    tickMs: number,
    { kill, using = {} }: { kill?: Kill; using?: Partial<DispatchPorts> } = {},
  ) {
    const names = ['tasks', 'ticks', 'bus'] as const
    const { ports: dying, killed, effects } = killable({ ...ports, ...using }, names, kill)
    await Promise.race([killed, dispatch(dying, { ...reports, tickMs })])
    return effects
  }

  /** Returns the ids of the tasks that were dispatched since the last call. */
  const dispatched = (): string[] => bus.published.splice(0).map(idOf)

  return {
    ...{ clock, tasks, bus, ticks, ports, ended, notes, tick, dispatched },
    all: [...tasks.items.keys()].toSorted(),
    /** An invocation for a TickSegment event. */
    goOn: (event: TickSegment, using: Partial<DispatchPorts> = {}) =>
      dispatchSegments({ ...ports, ...using }, { ...reports, ...event }),
    /** Returns the TickSegment events since the last call. */
    handedOver: (): TickSegment[] => bus.segments.splice(0),
    messages: (): string[] => notes.map(({ message }) => message),
  }
}

export type LargeTable = ReturnType<typeof createLargeTable>

/** Some pages in each segment that has a source. */
export const inPages = (): LargeTable => createLargeTable({ sources: 12, pageSize: 2 })
