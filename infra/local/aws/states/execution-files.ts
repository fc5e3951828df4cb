import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, writeJson } from '../data-directory/json-file.ts'
import type { StateMachineResource } from '../template/model.ts'
import type { ExecutionEvent } from './execution-event.ts'

/** An execution that has not ended. */
export interface UnfinishedExecution {
  readonly machineArn: string
  readonly name: string
  readonly input: unknown
}

export interface ExecutionFiles {
  /** Adds an event to `executions/<construct>.jsonl`, one event of one execution on a line. */
  append(machine: StateMachineResource, execution: string, event: ExecutionEvent): void
  keep(unfinished: readonly UnfinishedExecution[]): void
  kept(): readonly UnfinishedExecution[]
}

/** The history is for people. The list of unfinished executions is for the next emulator. */
export function createExecutionFiles(dataDir: string): ExecutionFiles {
  const folder = join(dataDir, 'executions')
  const unfinishedFile = join(folder, 'unfinished.json')
  return {
    append({ file }, execution, event) {
      const { time, ...rest } = event
      mkdirSync(folder, { recursive: true })
      appendFileSync(join(folder, `${file}.jsonl`), `${JSON.stringify({ time, execution, ...rest })}\n`)
    },
    keep(unfinished) {
      mkdirSync(folder, { recursive: true })
      writeJson(unfinishedFile, unfinished)
    },
    kept: () => readJson<UnfinishedExecution[]>(unfinishedFile) ?? [],
  }
}
