import { parentPort, workerData } from 'node:worker_threads'
import { simulate } from './simulation.ts'
import type { WorldOptions } from './world.ts'

/** Simulates the seeds that it is given, one after the other. */
const options = workerData as Omit<WorldOptions, 'seed'>
parentPort?.on('message', async (seed: string) => {
  parentPort?.postMessage(await simulate({ ...options, seed }))
})
