import { randomUUID } from 'node:crypto'
import type { Activity } from '../clock/activity.ts'
import type { VirtualClock } from '../clock/clock.ts'
import type { OnNotice } from '../reports.ts'
import type { RuleResource, TargetResource } from '../template/model.ts'
import type { EventEnvelope } from './put-events.ts'
import type { QueueFiles } from './queue-files.ts'
import { findPolicyRefusal, findTarget, type TargetParts } from './target.ts'
import { toTargetInput } from './target-input.ts'

interface DeliveryParts extends TargetParts {
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly queues: QueueFiles
  readonly onNotice: OnNotice
}

/** An event that a target could not take yet. */
export interface PendingDelivery {
  readonly ruleArn: string
  readonly targetId: string
  readonly envelope: EventEnvelope
  /** Epoch milliseconds of virtual time at which the first attempt was made. */
  readonly firstMs: number
  readonly attempts: number
}

export interface Delivery {
  /**
   * Hands an event to every target of a rule. Does not throw: if a target cannot take the event, the event becomes a
   * dead letter or a notice.
   */
  deliver(rule: RuleResource, envelope: EventEnvelope): void
  /** Goes on with what an earlier emulator could not deliver. The time in between does not count. */
  resume(pending: readonly PendingDelivery[]): void
  /** Makes no further attempt. */
  stop(): void
  /** Events that wait for their next attempt. */
  pending(): readonly PendingDelivery[]
}

interface Attempted {
  readonly rule: RuleResource
  readonly target: TargetResource
  readonly envelope: EventEnvelope
  readonly firstMs: number
  /** Attempts that have failed. */
  readonly attempts: number
}

/** Message attributes of a dead letter, by the names that EventBridge gives them. */
interface DeliveryError {
  readonly ERROR_CODE: string
  readonly ERROR_MESSAGE: string
  readonly EXHAUSTED_RETRY_CONDITION?: string
  readonly RETRY_ATTEMPTS?: string
}

const LONGEST_WAIT_MS = 480_000

/**
 * EventBridge does not publish its waits. These double up to eight minutes, so that its 185 retries take about a day.
 */
const computeWaitMs = (attempts: number): number => Math.min(1000 * 2 ** (attempts - 1), LONGEST_WAIT_MS)

/**
 * Delivers events as EventBridge does. What a rule may not deliver goes to the target's dead-letter queue at once. If a
 * target fails, it is tried again in virtual time, as often and for as long as its RetryPolicy says.
 */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { deployment, clock } = parts
  const stopping = new AbortController()
  const waiting = new Map<string, Attempted>()

  function attempt(delivery: Attempted): void {
    const { rule, target, envelope } = delivery
    const reached = findTarget(parts, target)
    const refusal = reached ? reached.refusal(rule) : `${target.arn} is not of this stage`
    if (refusal !== undefined) {
      sendToDeadLetters(parts, delivery, { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: refusal })
      return
    }
    try {
      reached?.accept(toTargetInput(target, envelope))
    } catch (error) {
      const failed = { ...delivery, attempts: delivery.attempts + 1, message: (error as Error).message }
      retryLater({ ...parts, waiting, stopping: stopping.signal, attempt }, failed)
    }
  }

  return {
    deliver(rule, envelope) {
      for (const target of rule.targets) {
        attempt({ rule, target, envelope, firstMs: clock.now(), attempts: 0 })
      }
    },
    resume(pending) {
      for (const { ruleArn, targetId, envelope, attempts } of pending) {
        const rule = deployment.rules.find(({ arn }) => arn === ruleArn)
        const target = rule?.targets.find(({ id }) => id === targetId)
        if (rule && target) attempt({ rule, target, envelope, firstMs: clock.now(), attempts })
      }
    },
    stop: () => stopping.abort(new Error('the stage closes')),
    pending: () =>
      [...waiting.values()].map(({ rule, target, ...rest }) => ({
        ruleArn: rule.arn,
        targetId: target.id,
        ...rest,
      })),
  }
}

interface FailedAttempt extends Attempted {
  /** Why the last attempt failed. */
  readonly message: string
}

interface RetryParts extends DeliveryParts {
  /** Events that wait for their next attempt, by an id of their own. */
  readonly waiting: Map<string, Attempted>
  readonly stopping: AbortSignal
  readonly attempt: (delivery: Attempted) => void
}

/** Waits, then makes the next attempt. If the target's RetryPolicy allows no more, the event is a dead letter. */
function retryLater(parts: RetryParts, { message, ...delivery }: FailedAttempt): void {
  const { clock, activity, waiting, stopping, attempt } = parts
  const { target, attempts, firstMs } = delivery
  const giveUp = (condition: string): void =>
    sendToDeadLetters(parts, delivery, {
      ERROR_CODE: 'SDK_CLIENT_ERROR',
      ERROR_MESSAGE: message,
      EXHAUSTED_RETRY_CONDITION: condition,
      RETRY_ATTEMPTS: String(attempts - 1),
    })
  if (attempts > target.retryAttempts) {
    giveUp('MaximumRetryAttempts')
    return
  }
  const id = randomUUID()
  const end = activity.begin()
  waiting.set(id, delivery)
  const wake = (): void => {
    waiting.delete(id)
    if (clock.now() - firstMs > target.maxEventAgeMs) giveUp('MaximumEventAgeInSeconds')
    else attempt(delivery)
  }
  // When the emulator stops, the event stays among those that wait.
  void clock
    .sleep(computeWaitMs(attempts), stopping)
    .then(wake, () => {})
    .finally(end)
}

/** Returns why a target's dead-letter queue cannot take an event, or undefined if it can. */
const findQueueRefusal = (
  { authorizer }: DeliveryParts,
  rule: RuleResource,
  queueArn: string | undefined,
): string | undefined =>
  queueArn === undefined
    ? 'it has no dead-letter queue'
    : findPolicyRefusal(authorizer, rule, 'sqs:SendMessage', queueArn)

function sendToDeadLetters(
  parts: DeliveryParts,
  { rule, target, envelope }: Attempted,
  error: DeliveryError,
): void {
  const { deadLetterArn } = target
  const reason = error.ERROR_MESSAGE
  const refusal = findQueueRefusal(parts, rule, deadLetterArn)
  if (refusal !== undefined || deadLetterArn === undefined) {
    parts.onNotice({ kind: 'lost event', from: rule.logicalId, reason: `${reason}; ${refusal}` })
    return
  }
  const attributes = { RULE_ARN: rule.arn, TARGET_ARN: target.arn, ...error }
  parts.queues.send(deadLetterArn, JSON.stringify(envelope), { reason, attributes })
}
