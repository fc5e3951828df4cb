import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import { type Kill, type Killable, killable } from '../../support/killing.ts'
import type { AdminWorld, Answer } from './admin-world.ts'

const EFFECTS = ['registry', 'tokenWriter', 'tasks', 'bus'] as const satisfies (keyof AdminPorts)[]

/** One death before and one after each effect. */
export const kills = (effects: number): Kill[] =>
  Array.from({ length: effects }, (_, at) =>
    (['before', 'after'] as const).map(phase => ({ at, phase })),
  ).flat()

/** Runs the request in its own instance, which dies. Without a kill it returns the effects. */
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
