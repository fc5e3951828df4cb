import { giveUp, type TakingOverPorts } from '../../shared/application/take-over.ts'
import { type TellingPorts, tellHealth } from '../../shared/application/tell-health.ts'
import type { EpisodeOpened } from '../../shared/contract/events.ts'
import { type Episode, episodeOf, isOpen, neglectOf } from '../../shared/domain/task/episode.ts'
import { releaseClaim } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Bus, Clock, TaskStore } from '../../shared/ports.ts'
import { throwAny } from './throw-any.ts'

export interface NeglectPorts extends TakingOverPorts, TellingPorts {
  readonly clock: Clock
  readonly tasks: Pick<TaskStore, 'apply'>
  readonly bus: Pick<Bus, 'publishHealth' | 'publishOpened'>
}

export type Neglect = NonNullable<ReturnType<typeof neglectOf>>

interface Neglected {
  readonly task: Task
  readonly episode: Episode
  readonly neglect: Neglect
}

/** Tasks whose episode the state machine does not tend as it should. */
export const neglectedOf = (page: readonly Task[], nowMs: number): Neglected[] =>
  page.flatMap(task => {
    const { episode, state } = task
    if (!isOpen(episode) || state === 'Stopping') return []
    const neglect = neglectOf(episode, nowMs)
    return neglect ? [{ task, episode, neglect }] : []
  })

/** A claim whose execution is dead is taken from it, so that another one can have it. */
async function tend(ports: NeglectPorts, { task, episode, neglect }: Neglected): Promise<EpisodeOpened[]> {
  if (neglect === 'overdue') {
    const quit = await giveUp(ports, task, episode)
    if (quit) await tellHealth(ports, quit)
    return []
  }
  const { id, execution } = episode
  if (execution !== undefined && !(await ports.tasks.apply(task, releaseClaim({ episode: id, execution }))))
    return []
  return [episodeOf(task, episode)]
}

/** Gives up what is overdue, and has the state machine take up what it lost. Throws if some of it failed, after the rest. */
export async function tendNeglected(ports: NeglectPorts, neglected: readonly Neglected[]): Promise<void> {
  const ends = await Promise.allSettled(neglected.map(each => tend(ports, each)))
  const opened = ends.flatMap(end => (end.status === 'fulfilled' ? end.value : []))
  if (opened.length > 0) await ports.bus.publishOpened(opened)
  throwAny(ends)
}
