import { expect, it } from 'vitest'
import {
  all,
  any,
  type Condition,
  differs,
  equals,
  holds,
  isAbsent,
  isAtMost,
  isLessThan,
  isPresent,
  isStill,
} from '../../../../shared/domain/task/condition.ts'
import { opened } from '../../../../shared/domain/task/episode.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const TASK = sampleTask({ fence: 4, leaseExpiresMs: 0, episode: opened('e', { atMs: 0 }) })

it.each<[string, boolean, Condition]>([
  ['what is there is present', true, isPresent('leaseExpiresMs')],
  ['what is missing is not present', false, isPresent('halted')],
  ['a missing member is not present', false, isPresent('episode.execution')],
  ['a member of what is missing is not present', false, isPresent('health.changes')],
  ['what is there is not absent', false, isAbsent('leaseExpiresMs')],
  ['what is missing is absent', true, isAbsent('halted')],
  ['the same value equals', true, equals('fence', 4)],
  ['another value does not equal', false, equals('fence', 5)],
  ['a member equals', true, equals('episode.id', 'e')],
  ['what is missing equals nothing', false, equals('health.changes', 0)],
  ['another value differs', true, differs('state', 'Error')],
  ['the same value does not differ', false, differs('state', 'Pending')],
  ['what is missing differs from every value', true, differs('halted', true)],
  ['a smaller number is less', true, isLessThan('fence', 5)],
  ['the same number is not less', false, isLessThan('fence', 4)],
  ['what is missing is not less', false, isLessThan('version', 4)],
  ['the same number is at most that', true, isAtMost('fence', 4)],
  ['a greater number is not at most that', false, isAtMost('fence', 3)],
  ['what is missing is not at most anything', false, isAtMost('version', 4)],
  ['the value that was read is still there', true, isStill('fence', 4)],
  ['another value than was read is there', false, isStill('fence', 3)],
  ['what was missing is still missing', true, isStill('renewed', undefined)],
  ['what was missing is there now', false, isStill('fence', undefined)],
  ['all hold', true, all(equals('fence', 4), isAbsent('halted'))],
  ['not all hold', false, all(equals('fence', 4), isPresent('halted'))],
  ['one holds', true, any(equals('fence', 4), isPresent('halted'))],
  ['none holds', false, any(equals('fence', 5), isPresent('halted'))],
])('a condition on a task: %s: %s', (_what, result, condition) => {
  expect(holds(condition, TASK)).toBe(result)
})
