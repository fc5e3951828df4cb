import type { Task } from './task.ts'

/**
 * Names the owner of a lease: Lambda's request id and a word of the invocation's own. Lambda may invoke twice for one
 * asynchronous event, under one request id. Then both runs live, and only one may lease the task.
 */
export const leaseOwner = (runId: string, word: string): string => `${runId}/${word.slice(0, 8)}`

/** Whether an invocation with this request id has leased the task. */
export const isOwnedBy = ({ leaseOwner: owner = '' }: Pick<Task, 'leaseOwner'>, runId: string): boolean =>
  owner.startsWith(`${runId}/`)
