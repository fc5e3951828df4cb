import type { Source } from '../../../shared/domain/source/source.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { type AdminWorld, type Answer, adminWorld, sourceBody, withCollector } from './admin-world.ts'

export const COLLECTOR_ID = 100000001
export const SOURCE_ID = 100000002

/** After this time anybody can take the reservation of a request that has died. */
export const MINUTES_LATER_MS = 5 * 60_000

/** A world with one collector and one source in it. */
export async function sourceWorld(config: object = {}) {
  const world = adminWorld()
  const sources = await withCollector(world)
  const created = await world.post(sources, sourceBody(config))
  world.due.length = 0
  return { world, sources, path: `${sources}/${SOURCE_ID}`, etag: created.headers['etag'] }
}

export function storedSource(world: AdminWorld, id = SOURCE_ID): Source {
  const source = world.ports.registry.stored.sources.get(`${COLLECTOR_ID}/${id}`)
  if (!source) throw new Error('there is no such source')
  return source
}

/** The token that collect would read. */
export const tokenInUse = (world: AdminWorld, id = SOURCE_ID): string | undefined =>
  world.secrets.get(id)?.versions[storedSource(world, id).tokenVersion]

/** The token in the current version of the secret. */
export function currentToken(world: AdminWorld, id = SOURCE_ID): string | undefined {
  const secret = world.secrets.get(id)
  return secret?.versions[secret.current]
}

export const sourceIn = ({ body }: Answer) =>
  body['source'] as { readonly id: number; readonly config: Record<string, unknown>; readonly state: object }

/** Clients send back everything that GET returned, with some settings changed. */
export const edited = (answer: Answer, config: object, rest: object = {}) => {
  const source = sourceIn(answer)
  return { source: { ...source, config: { ...source.config, ...config }, ...rest } }
}

/** Updates as every client does: GET, edit, PUT with the tag. */
export async function update(world: AdminWorld, path: string, config: object, query = ''): Promise<Answer> {
  const read = await world.get(path)
  return world.put(`${path}${query}`, edited(read, config), read.headers['etag'])
}

/** Changes all tasks, or those of one API, as if collect had run. */
export function collected(world: AdminWorld, change: Partial<Task>, api?: string): void {
  for (const [index, task] of world.tasks.entries()) {
    if (api === undefined || task.api === api) world.tasks[index] = { ...task, ...change }
  }
}
