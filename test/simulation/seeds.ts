import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Outcome } from './simulation.ts'
import type { WorldOptions } from './world.ts'

const WORKER = new URL('./seed-worker.ts', import.meta.url)

/**
 * Simulates seeds in a worker, one after the other. Rejects with the name of the seed if the simulation itself fails.
 */
function work(
  options: Omit<WorldOptions, 'seed'>,
  next: () => string | undefined,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const worker = new Worker(WORKER, { workerData: options })
  let seed: string | undefined
  const goOn = (): void => {
    seed = next()
    if (seed === undefined) void worker.terminate().then(() => resolve(), reject)
    else worker.postMessage(seed)
  }
  worker.on('error', cause => reject(new Error(`seed ${seed} has ended the simulation`, { cause })))
  worker.on('message', (outcome: Outcome) => {
    onOutcome(outcome)
    goOn()
  })
  goOn()
  return promise
}

/** Simulates seeds on all processors. Outcomes come in any order. */
export async function simulateSeeds(
  options: Omit<WorldOptions, 'seed'>,
  seeds: readonly string[],
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const left = [...seeds]
  const workers = Array.from({ length: Math.min(availableParallelism(), seeds.length) }, () =>
    work(options, () => left.shift(), onOutcome),
  )
  // If one worker fails, the others stop, because no seeds are left.
  for (const worker of workers) worker.catch(() => left.splice(0))
  await Promise.all(workers)
}
