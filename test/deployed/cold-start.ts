import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DeployedSystem } from './deployed-system.ts'
import { urlRequest } from './url-request.ts'

interface ColdStart {
  readonly name: string
  readonly bundleBytes: number
  /** The time from the start of the process until it asks for an event. */
  readonly initMs: number
  /** The time from the start of the process until its first answer. */
  readonly firstAnswerMs: number
}

/**
 * A first event that each function answers soon: a tick over no tasks, a task that is gone, the description of the API.
 */
const FIRST: Readonly<Record<string, unknown>> = {
  dispatch: { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
  collect: { detail: { collectorId: 1, sourceId: 1, api: 'sign-in', reason: 'tick' } },
  admin: urlRequest('GET', '/openapi.json'),
}

/** Starts each function alone, one after the other, and has it answer once. */
export async function coldStarts(system: DeployedSystem): Promise<ColdStart[]> {
  const measured: ColdStart[] = []
  for (const { name, folder } of system.functions) {
    const startedAt = performance.now()
    const lambda = await system.start(name)
    await lambda.invoke(FIRST[name])
    const firstAnswerMs = performance.now() - startedAt
    await lambda.stop()
    const bundleBytes = statSync(join(folder, 'index.mjs')).size
    measured.push({ name, bundleBytes, initMs: lambda.initMs, firstAnswerMs })
  }
  return measured
}

/** A table for people. */
export const coldStartTable = (measured: readonly ColdStart[]): string =>
  [
    'Deployed bundles in a process of their own, on this machine:',
    `${'function'.padEnd(10)}${'bundle'.padStart(8)}${'loaded'.padStart(10)}${'first answer'.padStart(15)}`,
    ...measured.map(
      ({ name, bundleBytes, initMs, firstAnswerMs }) =>
        name.padEnd(10) +
        `${Math.round(bundleBytes / 1024)} KB`.padStart(8) +
        `${initMs.toFixed()} ms`.padStart(10) +
        `${firstAnswerMs.toFixed()} ms`.padStart(15),
    ),
    '',
  ].join('\n')
