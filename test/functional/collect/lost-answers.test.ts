import { describe, expect, it } from 'vitest'
import type { Task } from '../../../shared/domain/task/task.ts'
import type { TaskChange } from '../../../shared/domain/task/task-change.ts'
import type { TaskStore } from '../../../shared/ports.ts'
import { replacingTransition } from '../../support/applying.ts'
import { type CollectWorld, collectWorld, eventsFrom, ledgerLines } from '../../support/collect-world.ts'
import { failed } from '../../support/fakes/events-api.ts'

const noAnswer = (): never => {
  throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' })
}

/** A table whose saves take effect and are not answered, where they are of this kind. */
const losing = (world: CollectWorld, isLost: (change: TaskChange) => boolean, readable = true) => ({
  ...world.ports,
  tasks: {
    ...world.ports.tasks,
    apply: replacingTransition(world.ports.tasks.apply, 'save', async (key, transition) => {
      const saved = await world.ports.tasks.apply(key, transition)
      return isLost(transition.update.set) ? noAnswer() : saved
    }),
    read: async (key: Parameters<TaskStore['read']>[0]): Promise<Task | undefined> =>
      readable ? world.ports.tasks.read(key) : noAnswer(),
  } as CollectWorld['ports']['tasks'],
})

const isEnd = ({ lastSuccessAt }: TaskChange): boolean => lastSuccessAt !== undefined
const isFailure = ({ error }: TaskChange): boolean => error !== undefined
const isCommit = ({ cursor }: TaskChange): boolean => cursor !== undefined

/** A world whose task is in an episode, that its next run ends. */
async function inEpisode(): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 25) })
  world.eventsApi.answering = () => failed(500)
  await world.run()
  world.eventsApi.answering = () => undefined
  return world
}

describe('a save whose response is lost', () => {
  it('ends the run well when the end was saved', async () => {
    const world = await inEpisode()
    expect((await world.run(losing(world, isEnd))).outcome).toBe('drained')
    const { state, error, episode, health } = world.taskNow()
    expect({ state, error, episode, open: health?.open }).toEqual({ state: 'Collecting' })
    expect(ledgerLines(world)).toHaveLength(25)
  })

  it('continues the run after a commit that was saved', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    expect((await world.run(losing(world, isCommit))).outcome).toBe('drained')
    expect(ledgerLines(world)).toHaveLength(25)
  })

  it('does not stop the event of an episode that was saved', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.eventsApi.answering = () => failed(500)
    expect((await world.run(losing(world, isFailure))).outcome).toBe('failed')
    expect(world.bus.opened).toHaveLength(1)
    expect(world.taskNow().episode?.attempts).toBe(1)
  })

  it('leaves the task as it is stored when that cannot be read either', async () => {
    const world = await inEpisode()
    await expect(world.run(losing(world, isEnd, false))).rejects.toThrow('saving the task')
    expect(world.taskNow()).toMatchObject({ state: 'Collecting' })
    expect(world.taskNow().error).toBeUndefined()
  })
})
