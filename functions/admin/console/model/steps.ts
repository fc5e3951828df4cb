import type { CollectedApi } from './collected.ts'

const STEPS = ['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting'] as const

export interface Step {
  readonly name: string
  readonly at: string | undefined
  /** A step that failed is the last one that was reached before the error. */
  readonly mark: 'done' | 'current' | 'failed' | 'open'
}

/** How far an API has come. After an error, Error follows the step that was reached last. */
export function toSteps({ state, since, reached }: CollectedApi): readonly Step[] {
  const at = (STEPS as readonly string[]).indexOf(state)
  const steps = STEPS.map((name, index): Step => {
    const isDone = at === -1 ? reached[name] !== undefined : index < at
    return { name, at: reached[name], mark: index === at ? 'current' : isDone ? 'done' : 'open' }
  })
  if (state !== 'Error') return steps
  const last = steps.findLastIndex(({ mark }) => mark === 'done')
  return [
    ...steps.slice(0, last + 1),
    { name: 'Error', at: reached['Error'] ?? since, mark: 'failed' },
    ...steps.slice(last + 1),
  ]
}
