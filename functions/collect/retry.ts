import { giveUp, recordDeath, type TakingOverPorts } from '../../shared/application/take-over.ts'
import type { RunReport } from '../../shared/contract/log-messages.ts'
import type { RetryAnswer, RetryRequest, RetryStep } from '../../shared/contract/retry.ts'
import { LAST_RUN_SECONDS } from '../../shared/contract/timing.ts'
import type { TroubleOf } from '../../shared/domain/failure/trouble.ts'
import type { Episode } from '../../shared/domain/task/episode.ts'
import { claimEpisode, findClaimedEpisode } from '../../shared/domain/task/life.ts'
import { retryAnswer } from '../../shared/domain/task/retry-answer.ts'
import { isLeased, type Task } from '../../shared/domain/task/task.ts'
import type { CollectPorts } from './collect-ports.ts'
import { tryToPublishHealth } from './health-changes.ts'

export interface RetryPorts extends CollectPorts, TakingOverPorts {
  readonly clock: CollectPorts['clock']
  readonly random: CollectPorts['random']
  readonly registry: CollectPorts['registry']
  readonly tasks: CollectPorts['tasks']
}

/** After a run that could not have the task and left no record. */
const LOOK_AGAIN_MS = 60_000

/** The same about the deadline. */
const LOOK_SOON_MS = 15_000

function lookAgainMs({ deadlineMs }: Episode, nowMs: number): number {
  return nowMs < deadlineMs ? Math.min(nowMs + LOOK_AGAIN_MS, deadlineMs) : nowMs + LOOK_SOON_MS
}

async function claim(ports: RetryPorts, request: RetryRequest): Promise<RetryAnswer> {
  const { episode, execution } = request
  const claimed = await ports.tasks.apply(request, claimEpisode({ episode, execution }))
  return retryAnswer(claimed?.after ?? (await ports.tasks.read(request)), request, 0)
}

/** The run that the execution asked for has failed and left its record. */
const isRecorded = ({ attempts }: Episode, request: RetryRequest): boolean =>
  attempts > (request.attempts ?? 0)

/** Of the last attempt, which may be under way still for an invocation whose answer was lost. */
const isOver = (task: Task, { deadlineMs }: Episode, nowMs: number): boolean =>
  nowMs >= deadlineMs + LAST_RUN_SECONDS * 1000 || (nowMs >= deadlineMs && !isLeased(task, nowMs))

/** A run that has left no record could not have the task: at the deadline it was the last. */
async function afterRun(ports: RetryPorts, request: RetryRequest): Promise<RetryAnswer> {
  const task = await ports.tasks.read(request)
  const episode = findClaimedEpisode(task, request)
  if (!task || !episode || isRecorded(episode, request)) return retryAnswer(task, request, 0)
  const nowMs = ports.clock.now()
  if (!isOver(task, episode, nowMs)) return retryAnswer(task, request, lookAgainMs(episode, nowMs))
  const quit = await giveUp(ports, task, episode)
  if (quit) await tryToPublishHealth(ports, quit)
  return retryAnswer(await ports.tasks.read(request), request, nowMs + LOOK_AGAIN_MS)
}

/** A step that comes again, because its answer was lost, finds the record of the run that it asked for. */
async function collectDue(
  ports: RetryPorts,
  request: RetryRequest,
  collectAgain: () => Promise<RunReport>,
): Promise<RetryAnswer> {
  const task = await ports.tasks.read(request)
  const episode = findClaimedEpisode(task, request)
  if (!episode || isRecorded(episode, request)) return retryAnswer(task, request, 0)
  await collectAgain()
  return afterRun(ports, request)
}

/** Step Functions gives the function's own error as a text of JSON. */
function deathOf({ death = {} }: RetryRequest): TroubleOf<'dead-run'> {
  const { Error: errorType = '', Cause = '' } = death
  try {
    const { errorMessage } = JSON.parse(Cause) as { errorMessage?: unknown }
    return { kind: 'dead-run', errorType, errorMessage: String(errorMessage ?? Cause) }
  } catch {
    return { kind: 'dead-run', errorType, errorMessage: Cause }
  }
}

/** Of Lambda the service, or of Step Functions, which waits no longer: the run itself may still be under way. */
const UNSURE = /^(Lambda\.(?!Unknown)|States\.)/

const isDead = ({ death }: RetryRequest): boolean => !UNSURE.test(death?.Error ?? 'States.')

/** It may have recorded its failure, or its success, and died with the answer. */
async function died(ports: RetryPorts, request: RetryRequest): Promise<RetryAnswer> {
  const task = await ports.tasks.read(request)
  const episode = findClaimedEpisode(task, request)
  if (!task || !episode || isRecorded(episode, request)) return retryAnswer(task, request, 0)
  const failed = await recordDeath(ports, task, deathOf(request), isDead(request))
  if (failed) await tryToPublishHealth(ports, failed)
  return afterRun(ports, request)
}

type Steps = { readonly [Step in RetryStep]: () => Promise<RetryAnswer> }

/**
 * One step of the retry state machine. `collectAgain` makes a run for the execution's claim. Throws what could not be
 * done; the state machine then tries the step again, or records the run as dead.
 */
export function retry(
  ports: RetryPorts,
  request: RetryRequest,
  collectAgain: () => Promise<RunReport>,
): Promise<RetryAnswer> {
  const steps: Steps = {
    claim: () => claim(ports, request),
    collect: () => collectDue(ports, request, collectAgain),
    died: () => died(ports, request),
  }
  return steps[request.step]()
}
