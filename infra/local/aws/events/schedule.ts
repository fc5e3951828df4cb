import { randomUUID } from 'node:crypto'
import type { VirtualClock } from '../clock/clock.ts'
import type { Deployment, RuleResource } from '../template/model.ts'
import type { EventEnvelope } from './put-events.ts'

export interface Schedule {
  /** Fires every rate rule now and from then on at its rate, in virtual time. */
  start(): void
  /** Fires every rate rule once. */
  fire(): void
  stop(): void
}

interface ScheduleParts {
  readonly deployment: Deployment
  readonly clock: VirtualClock
  readonly deliver: (rule: RuleResource, envelope: EventEnvelope) => void
}

/** Fires the rules that have a rate. If the clock jumps over several firings, the rule fires only once. */
export function createSchedule({ deployment, clock, deliver }: ScheduleParts): Schedule {
  const rules = deployment.rules.flatMap(rule =>
    rule.enabled && rule.everyMs !== undefined ? [{ rule, everyMs: rule.everyMs }] : [],
  )
  const stopping = new AbortController()

  const fire = (rule: RuleResource): void => deliver(rule, scheduledEvent(rule, deployment, clock.now()))

  const repeat = async (rule: RuleResource, everyMs: number): Promise<void> => {
    const firstMs = clock.now()
    while (!stopping.signal.aborted) {
      fire(rule)
      const sinceFirst = clock.now() - firstMs
      await clock.sleep(everyMs - (sinceFirst % everyMs), stopping.signal).catch(() => {})
    }
  }

  return {
    fire: () => {
      for (const { rule } of rules) fire(rule)
    },
    start: () => {
      for (const { rule, everyMs } of rules) void repeat(rule, everyMs)
    },
    stop: () => stopping.abort(new Error('the stage closes')),
  }
}

const scheduledEvent = (
  rule: RuleResource,
  { account, region }: Deployment,
  nowMs: number,
): EventEnvelope => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account,
  time: new Date(nowMs).toISOString().replace(/\.\d+/, ''),
  region,
  resources: [rule.arn],
  detail: {},
})
