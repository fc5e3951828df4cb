import { EPISODE_MINUTES } from '../../shared/contract/timing.ts'
import { isPresent } from '../../shared/domain/task/condition.ts'
import { isOpen } from '../../shared/domain/task/episode.ts'
import { leaseTask, type Transition } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { TaskChange } from '../../shared/domain/task/task-change.ts'
import type { TaskStore } from '../../shared/ports.ts'
import { parseLease, replacingTransition } from '../support/applying.ts'
import { type Defect, replacing } from './defect.ts'
import type { Stores } from './stores.ts'

const EPISODE_MS = EPISODE_MINUTES * 60_000

/** The 90 minutes begin again with every failed run. */
export const movingDeadline: Defect = {
  stores({ tasks }) {
    const { apply } = tasks
    const moved = (change: TaskChange): TaskChange => {
      const { episode } = change
      if (!isOpen(episode)) return change
      return { ...change, episode: { ...episode, deadlineMs: episode.nextRetryMs + EPISODE_MS } }
    }
    tasks.apply = replacingTransition(apply, 'save', (key, { update, ...transition }) =>
      apply(key, { ...transition, update: { ...update, set: moved(update.set) } }),
    )
  },
}

/** Every run may lease the task, whoever has claimed its episode. */
function takingAny({ tasks }: Stores): void {
  const { apply } = tasks
  tasks.apply = replacingTransition(apply, 'lease', (key, transition) => {
    const { episode } = tasks.get(key) ?? {}
    const claim = episode && { episode: episode.id, execution: episode.execution as string }
    return apply(key, leaseTask({ ...parseLease(transition), claim }))
  })
}

/** Returns a scan whose tasks are changed. */
export const rescanned =
  (
    { scan }: Pick<TaskStore, 'scan'>,
    change: (tasks: readonly Task[]) => readonly Task[],
  ): TaskStore['scan'] =>
  async place => {
    const page = await scan(place)
    return { ...page, tasks: change(page.tasks) }
  }

const withoutEpisode = ({ episode: _, ...task }: Task): Task => task

/** A tick does not see that a task is in an episode, nor does the run that it makes. */
export const tickInEpisode: Defect = {
  stores: takingAny,
  dispatch: ports => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      scan: rescanned(ports.tasks, tasks => tasks.map(withoutEpisode)),
    }),
  }),
}

const claimedBy = (task: Task | undefined, execution: string | undefined): Task | undefined =>
  task?.episode && execution !== undefined ? { ...task, episode: { ...task.episode, execution } } : task

/** Every execution believes that the episode is its own. */
export const manyExecutions: Defect = {
  stores(stores) {
    takingAny(stores)
    const { apply, get } = stores.tasks
    stores.tasks.apply = replacingTransition(apply, 'claim', async (key, transition) => {
      const task = get(key)
      return (await apply(key, transition)) ?? (task && { before: task, after: task })
    })
  },
  collect: (ports, process) => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      read: async key => claimedBy(await ports.tasks.read(key), process.execution),
      apply: replacingTransition(ports.tasks.apply, 'claim', async (key, transition) => {
        const claimed = await ports.tasks.apply(key, transition)
        const after = claimedBy(claimed?.after, process.execution)
        return claimed && after && { ...claimed, after }
      }),
    }),
  }),
}

/** The episode that a transition claims. */
const claimedId = ({ guard }: Transition): string =>
  guard.test === 'all' ? String(guard.conditions.flatMap(each => ('value' in each ? each.value : []))[0]) : ''

/** An execution takes whatever episode the task is in, whichever it was started for. */
export const anyEpisode: Defect = {
  stores(stores) {
    takingAny(stores)
    const { apply } = stores.tasks
    stores.tasks.apply = replacingTransition(apply, 'claim', (key, transition) =>
      apply(key, { ...transition, guard: isPresent('episode') }),
    )
  },
  collect(ports, process) {
    const { tasks } = ports
    const seen = (task: Task | undefined): Task | undefined => {
      const id = WANTED.get(process.execution ?? '')
      return id === undefined ? task : claimedBy(withEpisodeId(task, id), process.execution)
    }
    return {
      ...ports,
      tasks: replacing(tasks, {
        read: async key => seen(await tasks.read(key)),
        apply: replacingTransition(tasks.apply, 'claim', async (key, transition) => {
          WANTED.set(process.execution ?? '', claimedId(transition))
          const claimed = await tasks.apply(key, transition)
          const after = seen(claimed?.after)
          return claimed && after && { ...claimed, after }
        }),
      }),
    }
  },
}

/** The episodes that executions were started for. */
const WANTED = new Map<string, string>()

const withEpisodeId = (task: Task | undefined, id: string): Task | undefined =>
  task?.episode ? { ...task, episode: { ...task.episode, id } } : task

/** A run in flight can still save after its task was given up. */
export const unraisedFence: Defect = {
  stores({ tasks }) {
    const { apply } = tasks
    tasks.apply = replacingTransition(apply, 'takeOver', (key, transition) => {
      const fence = tasks.get(key)?.fence ?? 0
      const taken = apply(key, transition)
      const after = tasks.get(key)
      if (after && after.fence > fence) tasks.items.set(`${key.sourceId}/${key.api}`, { ...after, fence })
      return taken
    })
  },
}

/** A tick does not repair episodes that the state machine has lost. */
export const noOverdueWorkCheck: Defect = {
  dispatch: ports => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      scan: rescanned(ports.tasks, tasks => tasks.filter(({ episode }) => !isOpen(episode))),
    }),
  }),
}

/** A halted task is dispatched and collected like any other. */
export const unhalted: Defect = {
  stores({ tasks }) {
    const { apply } = tasks
    tasks.apply = replacingTransition(apply, 'lease', (key, transition) => {
      const before = tasks.get(key)
      if (before?.halted) tasks.items.set(`${key.sourceId}/${key.api}`, withoutHalt(before))
      return apply(key, transition)
    })
  },
  dispatch: ports => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      scan: rescanned(ports.tasks, tasks => tasks.map(withoutHalt)),
    }),
  }),
}

const withoutHalt = ({ halted: _, episode: __, ...task }: Task): Task => task
