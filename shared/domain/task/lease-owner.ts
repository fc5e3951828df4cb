import type { Task } from './task.ts'

/**
 * Who holds a task: the invocation, by Lambda's id of it, and a word of its own. Lambda may make two invocations of one
 * asynchronous event, under one id; both live, and only one may have the task.
 */
export const leaseOwner = (runId: string, word: string): string => `${runId}/${word.slice(0, 8)}`

/** Whether an invocation of this id holds the task. */
export const isOwnedBy = ({ leaseOwner: owner = '' }: Pick<Task, 'leaseOwner'>, runId: string): boolean =>
  owner.startsWith(`${runId}/`)
