import type { Random } from '../random.ts'
import type { World } from './world.ts'

export interface EventContext {
  readonly world: World
  readonly random: Random
  readonly atMs: number
  readonly uuid: string
  /** As it will be written, with 0 to 9 decimals. */
  readonly timestamp: string
}

/** One thing that can happen in an account. */
export interface EventKind {
  /** How often it happens, against the others of its feature. */
  readonly weight: number
  /** The event with its v2 members. */
  build(context: EventContext): object
}
