import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import { type Kill, type Killable, killable } from '../../support/killing.ts'
import type { AdminWorld, Answer } from './admin-world.ts'

const EFFECTS = ['registry', 'tokenWriter', 'tasks', 'bus'] as const satisfies (keyof AdminPorts)[]

/** A death before and after each of so many effects. */
export const kills = (effects: number): Kill[] =>
  Array.from({ length: effects }, (_, at) =>
    (['before', 'after'] as const).map(phase => ({ at, phase })),
  ).flat()

/** The request in an instance of its own that dies; without a kill, what it did. */
export async function dying(
  world: AdminWorld,
  request: () => Promise<Answer>,
  kill?: Kill,
): Promise<string[]> {
  let instance: Killable<AdminPorts> | undefined
  world.readapt(ports => {
    instance = killable(ports, EFFECTS, kill)
    return instance.ports
  })
  await Promise.race([request(), instance?.killed])
  world.readapt(ports => ports)
  return instance?.effects ?? []
}
