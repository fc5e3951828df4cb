import { EPISODE_MINUTES } from '../../shared/contract/timing.ts'
import { isOpen } from '../../shared/domain/task/episode.ts'
import type { TaskChange } from '../../shared/domain/task/progress.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Claim } from '../../shared/ports.ts'
import { type Defect, replacing } from './defect.ts'
import type { Stores } from './stores.ts'

const EPISODE_MS = EPISODE_MINUTES * 60_000

/** The 90 minutes begin anew with every failed run. */
export const movingDeadline: Defect = {
  stores({ tasks }) {
    const { save } = tasks
    const moved = (change: TaskChange): TaskChange => {
      const { episode } = change
      if (!isOpen(episode)) return change
      return { ...change, episode: { ...episode, deadlineMs: episode.nextRetryMs + EPISODE_MS } }
    }
    tasks.save = (key, fence, change) => save(key, fence, moved(change))
  },
}

/** Who asks for the task may have it, whatever its episode says. */
function takingAny({ tasks }: Stores): void {
  const { acquire } = tasks
  tasks.acquire = (key, lease) => {
    const { episode } = tasks.get(key) ?? {}
    const claim = episode && { episode: episode.id, execution: episode.execution as string }
    return acquire(key, { ...lease, claim })
  }
}

const withoutEpisode = ({ episode: _, ...task }: Task): Task => task

/** A tick does not see that a task is in an episode, nor does the run that it makes. */
export const tickInEpisode: Defect = {
  stores: takingAny,
  dispatch: ports => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      async *pages() {
        for await (const page of ports.tasks.pages()) yield page.map(withoutEpisode)
      },
    }),
  }),
}

const claimedBy = (task: Task | undefined, execution: string | undefined): Task | undefined =>
  task?.episode && execution !== undefined ? { ...task, episode: { ...task.episode, execution } } : task

/** Every execution believes that the episode is its own. */
export const manyExecutions: Defect = {
  stores(stores) {
    takingAny(stores)
    const { claim, get } = stores.tasks
    stores.tasks.claim = async (key, asked: Claim) => (await claim(key, asked)) ?? get(key)
  },
  collect: (ports, process) => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      read: async key => claimedBy(await ports.tasks.read(key), process.execution),
      claim: async (key, asked) => claimedBy(await ports.tasks.claim(key, asked), process.execution),
    }),
  }),
}

/** A run in flight can save though its task was given up. */
export const unraisedFence: Defect = {
  stores({ tasks }) {
    const { takeOver } = tasks
    tasks.takeOver = (task, change) => {
      const taken = takeOver(task, change)
      const after = tasks.get(task)
      if (after && after.fence > task.fence) {
        tasks.items.set(`${task.sourceId}/${task.api}`, { ...after, fence: task.fence })
      }
      return taken
    }
  },
}

/** Nobody looks after what the state machine has lost. */
export const noWatchman: Defect = {
  dispatch: ports => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      async *pages() {
        for await (const page of ports.tasks.pages()) yield page.filter(({ episode }) => !isOpen(episode))
      },
    }),
  }),
}

/** That a task is halted counts for nothing. */
export const unhalted: Defect = {
  stores({ tasks }) {
    const { acquire } = tasks
    tasks.acquire = (key, lease) => {
      const before = tasks.get(key)
      if (before?.halted) tasks.items.set(`${key.sourceId}/${key.api}`, withoutHalt(before))
      return acquire(key, lease)
    }
  },
  dispatch: ports => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      async *pages() {
        for await (const page of ports.tasks.pages()) yield page.map(withoutHalt)
      },
    }),
  }),
}

const withoutHalt = ({ halted: _, episode: __, ...task }: Task): Task => task
