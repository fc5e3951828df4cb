import type { ExecutionEvent, ExecutionEventType } from './execution-event.ts'

type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

/** An execution as Step Functions would describe it. */
export interface Execution {
  readonly name: string
  readonly input: unknown
  readonly status: ExecutionStatus
  readonly error?: string
  readonly cause?: string
  /** Names of the states that it entered, in order. */
  readonly states: readonly string[]
}

interface ExecutionList {
  begin(name: string, input: unknown): void
  note(name: string, event: ExecutionEvent): void
  /** Returns all executions, the oldest first. */
  all(): readonly Execution[]
}

/** The oldest executions that have ended are forgotten, so that an emulator can run for weeks. */
const MOST_EXECUTIONS = 1000

const ENDINGS: { readonly [T in ExecutionEventType]?: ExecutionStatus } = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
}

/** Returns the execution after one more event. */
function applyEvent(execution: Execution, { type, state, error, cause }: ExecutionEvent): Execution {
  if (type === 'StateEntered') return { ...execution, states: [...execution.states, state ?? ''] }
  const status = ENDINGS[type]
  if (status === undefined) return execution
  const ended = { ...execution, status }
  return type === 'ExecutionFailed' ? { ...ended, error: error ?? '', cause: cause ?? '' } : ended
}

export function createExecutionList(): ExecutionList {
  const byName = new Map<string, Execution>()
  return {
    begin(name, input) {
      byName.set(name, { name, input, status: 'RUNNING', states: [] })
      if (byName.size <= MOST_EXECUTIONS) return
      const oldest = byName.values().find(({ status }) => status !== 'RUNNING')
      if (oldest) byName.delete(oldest.name)
    },
    note(name, event) {
      const execution = byName.get(name)
      if (execution) byName.set(name, applyEvent(execution, event))
    },
    all: () => [...byName.values()],
  }
}
