import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { API_NAMES } from '../../../../shared/contract/apis.ts'
import type { FaultType } from '../../../../shared/domain/failure/classification.ts'
import type { TaskFault } from '../../../../shared/domain/failure/failure.ts'
import { toApiState, toSourceState } from '../../../../shared/domain/source/source-state.ts'
import type { TaskState } from '../../../../shared/domain/task/task.ts'

const STATES: TaskState[] = [
  'Error',
  'Stopping',
  'Pending',
  'Started',
  'Initialized',
  'Authenticated',
  'Collecting',
]

const createFault = (type: FaultType, at = '2026-01-01T00:00:00.000Z'): TaskFault => ({
  type,
  code: 1,
  info: type,
  at,
})

const SOURCE = { apis: API_NAMES, version: 2 }

type Seen = Parameters<typeof toSourceState>[1][number]

/** Tasks of the source's APIs in turn that speak of its present version. */
const createTasks = (...tasks: Omit<Seen, 'api'>[]): Seen[] =>
  tasks.flatMap((task, index) => {
    const api = API_NAMES[index]
    return api ? [{ version: 2, ...task, api }] : []
  })

const shown = (...tasks: Omit<Seen, 'api'>[]) =>
  toSourceState({ ...SOURCE, apis: API_NAMES.slice(0, tasks.length) }, createTasks(...tasks))

const inState = (...states: TaskState[]) => shown(...states.map(state => ({ state })))

describe('sourceState', () => {
  it('is Pending without tasks', () => {
    expect(toSourceState(SOURCE, [])).toEqual({ state: 'Pending' })
  })

  it('is Collecting only if every task is', () => {
    expect(inState('Collecting', 'Collecting')).toEqual({ state: 'Collecting' })
    expect(inState('Collecting', 'Authenticated').state).toBe('Authenticated')
    expect(inState('Collecting', 'Pending', 'Started').state).toBe('Pending')
    expect(toSourceState(SOURCE, createTasks({ state: 'Collecting' }))).toEqual({ state: 'Pending' })
  })

  it('is the worst state of its tasks, in whatever order the tasks are', () => {
    const tasks = fc.array(fc.constantFrom(...STATES), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(tasks, states => {
        const worst = STATES.find(state => states.includes(state))
        expect(inState(...states).state).toBe(worst)
      }),
    )
  })

  it('shows a fault that waits for the user before a passing one, and otherwise the oldest', () => {
    const failing = (...errors: TaskFault[]) =>
      shown(...errors.map(error => ({ state: 'Error' as const, error }))).error
    const config = createFault('ThirdPartyConfig')
    const older = createFault('FirstPartyGeneric', '2025-01-01T00:00:00.000Z')
    expect(failing(older, config)).toBe(config)
    expect(failing(older, createFault('FirstPartyGeneric'))).toBe(older)
    expect(failing(createFault('FirstPartyGeneric'), older)).toBe(older)
  })

  it('shows no fault of a task that is not in Error', () => {
    expect(shown({ state: 'Pending', error: createFault('ThirdPartyConfig') })).toEqual({ state: 'Pending' })
  })

  it.each([undefined, 1])('is Pending for a task whose state is about version %s of the source', version => {
    const error = createFault('ThirdPartyConfig')
    const old = { state: 'Error' as const, error, ...(version !== undefined && { version }) }
    const [task] = createTasks(old).map(({ version: _, ...others }) => ({ ...others, ...old }))
    expect(task && toSourceState({ ...SOURCE, apis: ['sign-in'] }, [task])).toEqual({ state: 'Pending' })
  })

  it('uses the state of a task that is newer than the source that was read', () => {
    expect(shown({ state: 'Collecting', version: 3 })).toEqual({ state: 'Collecting' })
  })

  it('leaves out the task of an API that the source no longer has', () => {
    const tasks = createTasks(
      { state: 'Collecting' },
      { state: 'Error', error: createFault('ThirdPartyConfig') },
    )
    expect(toSourceState({ ...SOURCE, apis: ['sign-in'] }, tasks)).toEqual({ state: 'Collecting' })
  })

  it('is Stopping while the source is being deleted, whatever its tasks are', () => {
    const tasks = createTasks(
      { state: 'Error', error: createFault('ThirdPartyConfig') },
      { state: 'Collecting' },
    )
    expect(toSourceState({ ...SOURCE, stopping: true }, tasks)).toEqual({ state: 'Stopping' })
    expect(toSourceState({ ...SOURCE, apis: [], stopping: true }, [])).toEqual({ state: 'Stopping' })
    expect(toApiState(tasks[0], { version: 2, stopping: true })).toEqual({ state: 'Stopping' })
  })
})
