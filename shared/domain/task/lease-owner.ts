import type { Task } from './task.ts'

/**
 * Returns the name of a lease's owner: Lambda's request id and a random word. Lambda may make two invocations for one
 * asynchronous event, with the same request id. Both runs live, and the word lets only one of them lease the task.
 */
export const leaseOwner = (runId: string, word: string): string => `${runId}/${word.slice(0, 8)}`

/** Whether an invocation with this request id has leased the task. */
export const isOwnedBy = ({ leaseOwner: owner = '' }: Pick<Task, 'leaseOwner'>, runId: string): boolean =>
  owner.startsWith(`${runId}/`)
