import type { RetryPorts } from '../../functions/collect/retry.ts'
import type { CollectWorld } from './collect-world.ts'

export interface Straggler {
  readonly ports: RetryPorts
  /** Resolves when the run is about to write to the lake. */
  readonly reached: Promise<void>
  readonly release: () => void
}

/** Creates ports for a run that stops before it writes to the lake, and goes on only after `release` is called. */
export function stragglerOf({ ports }: CollectWorld): Straggler {
  const released = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const create: RetryPorts['lake']['create'] = async (...args) => {
    reached.resolve()
    await released.promise
    return ports.lake.create(...args)
  }
  return {
    ports: { ...ports, lake: { ...ports.lake, create } },
    reached: reached.promise,
    release: () => released.resolve(),
  }
}
