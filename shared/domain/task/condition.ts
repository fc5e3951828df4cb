import type { Task } from './task.ts'

/** An attribute of a task, or a member of one. */
type AttributePath = keyof Task | `episode.${'id' | 'execution'}` | 'health.changes'

export type Comparison = 'equals' | 'differs' | 'isLessThan' | 'isAtMost'

/**
 * A condition on a task's attributes, as data. `holds` evaluates it in memory, and the adapter of the table translates
 * it for DynamoDB. Both treat an absent attribute alike: it differs from every value, and no other comparison holds for
 * it.
 */
export type Condition =
  | { readonly test: 'isPresent' | 'isAbsent'; readonly path: AttributePath }
  | {
      readonly test: Comparison
      readonly path: AttributePath
      readonly value: string | number | boolean
    }
  | { readonly test: 'all' | 'any'; readonly conditions: readonly Condition[] }

export const isPresent = (path: AttributePath): Condition => ({ test: 'isPresent', path })

export const isAbsent = (path: AttributePath): Condition => ({ test: 'isAbsent', path })

export const equals = (path: AttributePath, value: string | number): Condition => ({
  test: 'equals',
  path,
  value,
})

export const differs = (path: AttributePath, value: string | boolean): Condition => ({
  test: 'differs',
  path,
  value,
})

export const isLessThan = (path: AttributePath, value: number): Condition => ({
  test: 'isLessThan',
  path,
  value,
})

export const isAtMost = (path: AttributePath, value: number): Condition => ({ test: 'isAtMost', path, value })

export const all = (...conditions: readonly Condition[]): Condition => ({ test: 'all', conditions })

export const any = (...conditions: readonly Condition[]): Condition => ({ test: 'any', conditions })

/** Holds if the attribute still has the value that was read. `undefined`: it is still absent. */
export const isStill = (path: AttributePath, value: string | number | undefined): Condition =>
  value === undefined ? isAbsent(path) : equals(path, value)

const COMPARE: Readonly<Record<Comparison, (found: unknown, value: unknown) => boolean>> = {
  equals: (found, value) => found === value,
  differs: (found, value) => found !== value,
  isLessThan: (found, value) => Number(found) < Number(value),
  isAtMost: (found, value) => Number(found) <= Number(value),
}

function findValue(task: Partial<Task>, path: AttributePath): unknown {
  const [attribute = '', member] = path.split('.')
  const value = task[attribute as keyof Task]
  return member === undefined ? value : (value as Record<string, unknown> | undefined)?.[member]
}

/** Whether a condition holds for a task. Without a task pass an empty object, as DynamoDB does. */
export function holds(condition: Condition, task: Partial<Task>): boolean {
  switch (condition.test) {
    case 'all':
      return condition.conditions.every(each => holds(each, task))
    case 'any':
      return condition.conditions.some(each => holds(each, task))
    case 'isPresent':
      return findValue(task, condition.path) !== undefined
    case 'isAbsent':
      return findValue(task, condition.path) === undefined
    default:
      return COMPARE[condition.test](findValue(task, condition.path), condition.value)
  }
}
