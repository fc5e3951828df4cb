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

/** How long to wait after a run that could not lease the task and has recorded nothing. */
const LOOK_AGAIN_MS = 60_000

/** The same once the deadline has passed. */
const LOOK_SOON_MS = 15_000

function computeLookAgainMs({ deadlineMs }: Episode, nowMs: number): number {
  return nowMs < deadlineMs ? Math.min(nowMs + LOOK_AGAIN_MS, deadlineMs) : nowMs + LOOK_SOON_MS
}

const toAnswer = (
  { clock }: Pick<RetryPorts, 'clock'>,
  task: Task | undefined,
  request: RetryRequest,
  notBeforeMs?: number,
): RetryAnswer => retryAnswer(task, request, { nowMs: clock.now(), notBeforeMs })

async function claimAndAnswer(ports: RetryPorts, request: RetryRequest): Promise<RetryAnswer> {
  const { episode, execution } = request
  const claimed = await ports.tasks.apply(request, claimEpisode({ episode, execution }))
  return toAnswer(ports, claimed?.after ?? (await ports.tasks.read(request)), request)
}

/** The run that the execution asked for has recorded its failure. */
const isRecorded = ({ attempts }: Episode, request: RetryRequest): boolean =>
  attempts > (request.attempts ?? 0)

/**
 * Whether nobody waits for the last run any longer. It may still be under way at the deadline, if only the answer of its
 * invocation was lost.
 */
const isOver = (task: Task, { deadlineMs }: Episode, nowMs: number): boolean =>
  nowMs >= deadlineMs + LAST_RUN_SECONDS * 1000 || (nowMs >= deadlineMs && !isLeased(task, nowMs))

/** By the task after a run. A run that has recorded nothing could not lease the task; at the deadline it was the last. */
async function answerAfterRun(
  ports: RetryPorts,
  request: RetryRequest,
  task: Task | undefined,
): Promise<RetryAnswer> {
  const episode = findClaimedEpisode(task, request)
  const nowMs = ports.clock.now()
  if (!task || !episode || isRecorded(episode, request)) return toAnswer(ports, task, request)
  if (!isOver(task, episode, nowMs)) return toAnswer(ports, task, request, computeLookAgainMs(episode, nowMs))
  const given = await giveUp(ports, task, episode)
  if (given) await tryToPublishHealth(ports, given)
  const after = given ?? (await ports.tasks.read(request))
  return toAnswer(ports, after, request, nowMs + LOOK_AGAIN_MS)
}

/** A step that is repeated, because its answer was lost, finds what its run has recorded and makes no second run. */
async function collectAndAnswer(
  ports: RetryPorts,
  request: RetryRequest,
  collectAgain: () => Promise<RunReport>,
): Promise<RetryAnswer> {
  const task = await ports.tasks.read(request)
  const episode = findClaimedEpisode(task, request)
  if (!episode || isRecorded(episode, request)) return toAnswer(ports, task, request)
  await collectAgain()
  return answerAfterRun(ports, request, await ports.tasks.read(request))
}

/** Step Functions passes the function's own error on as JSON text. */
function parseDeath({ death = {} }: RetryRequest): TroubleOf<'dead-run'> {
  const { Error: errorType = '', Cause = '' } = death
  try {
    const { errorMessage } = JSON.parse(Cause) as { errorMessage?: unknown }
    return { kind: 'dead-run', errorType, errorMessage: String(errorMessage ?? Cause) }
  } catch {
    return { kind: 'dead-run', errorType, errorMessage: Cause }
  }
}

/** Errors of the service Lambda, or of Step Functions that waits no longer: the run itself may still be under way. */
const UNSURE = /^(Lambda\.(?!Unknown)|States\.)/

const isDead = ({ death }: RetryRequest): boolean => !UNSURE.test(death?.Error ?? 'States.')

/** Records that a run died, unless it has recorded its failure or its success before. */
async function recordDeathAndAnswer(ports: RetryPorts, request: RetryRequest): Promise<RetryAnswer> {
  const task = await ports.tasks.read(request)
  const episode = findClaimedEpisode(task, request)
  if (!task || !episode || isRecorded(episode, request)) return toAnswer(ports, task, request)
  const failed = await recordDeath(ports, task, parseDeath(request), { isDead: isDead(request) })
  if (failed) await tryToPublishHealth(ports, failed)
  return answerAfterRun(ports, request, failed ?? (await ports.tasks.read(request)))
}

type Steps = { readonly [Step in RetryStep]: () => Promise<RetryAnswer> }

/**
 * Does one step of the retry state machine. `collectAgain` makes a run for the execution's claim. If this throws, the
 * state machine tries the step again, or asks to record the run as dead.
 */
export function retry(
  ports: RetryPorts,
  request: RetryRequest,
  collectAgain: () => Promise<RunReport>,
): Promise<RetryAnswer> {
  const steps: Steps = {
    claim: () => claimAndAnswer(ports, request),
    collect: () => collectAndAnswer(ports, request, collectAgain),
    died: () => recordDeathAndAnswer(ports, request),
  }
  return steps[request.step]()
}
