import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FaultType, TaskFault } from '../../../shared/domain/failure.ts'
import { sourceState } from '../../../shared/domain/source-state.ts'
import type { TaskState } from '../../../shared/domain/task.ts'

const STATES: TaskState[] = [
  'Error',
  'Stopping',
  'Pending',
  'Started',
  'Initialized',
  'Authenticated',
  'Collecting',
]

const faultOf = (type: FaultType, at = '2026-01-01T00:00:00.000Z'): TaskFault => ({
  type,
  code: 1,
  info: type,
  at,
})

const inState = (...states: TaskState[]) => states.map(state => ({ state }))

describe('sourceState', () => {
  it('is Pending without tasks', () => {
    expect(sourceState([])).toEqual({ state: 'Pending' })
  })

  it('is Collecting only if every task is', () => {
    expect(sourceState(inState('Collecting', 'Collecting'))).toEqual({ state: 'Collecting' })
    expect(sourceState(inState('Collecting', 'Authenticated')).state).toBe('Authenticated')
    expect(sourceState(inState('Collecting', 'Pending', 'Started')).state).toBe('Pending')
  })

  it('is the worst of its tasks, in whatever order they come', () => {
    const tasks = fc.array(fc.constantFrom(...STATES), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(tasks, states => {
        const worst = STATES.find(state => states.includes(state))
        expect(sourceState(inState(...states)).state).toBe(worst)
      }),
    )
  })

  it('shows the fault that waits for the user before one that may pass, else the oldest', () => {
    const failing = (...errors: TaskFault[]) =>
      sourceState(errors.map(error => ({ state: 'Error' as const, error }))).error
    const config = faultOf('ThirdPartyConfig')
    const older = faultOf('FirstPartyGeneric', '2025-01-01T00:00:00.000Z')
    expect(failing(older, config)).toBe(config)
    expect(failing(faultOf('FirstPartyGeneric'), older)).toBe(older)
  })

  it('shows no fault of a task that is not in Error', () => {
    expect(sourceState([{ state: 'Pending', error: faultOf('ThirdPartyConfig') }])).toEqual({
      state: 'Pending',
    })
  })
})
