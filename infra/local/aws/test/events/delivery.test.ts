import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createActivity, holdOverJumps } from '../../clock/activity.ts'
import { createClock } from '../../clock/clock.ts'
import { createDelivery, type PendingDelivery } from '../../events/delivery.ts'
import type { EventEnvelope } from '../../events/put-events.ts'
import { createQueueFiles } from '../../events/queue-files.ts'
import { createTopicAndLogFiles } from '../../events/topic-and-log-files.ts'
import { createAuthorizer } from '../../iam/authorizer.ts'
import type { Notice } from '../../reports.ts'
import type { TargetResource } from '../../template/model.ts'
import { aDeployment, aFunction, aRule, temporaryFolder } from '../support/local-functions.ts'

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Stack-DeadLetters'

const EVENT: EventEnvelope = {
  ...{ version: '0', id: 'event-1', 'detail-type': 'Test', source: 'test', region: 'us-east-1' },
  ...{ account: '000000000000', time: '2026-01-01T00:00:00Z', resources: [], detail: { n: 1 } },
}

/** One rule with a function as its target. The first `failures` attempts fail. */
function deliveryWorld(failures: number, retryPolicy: Partial<TargetResource> = {}) {
  const dataDir = temporaryFolder()
  const resource = aFunction({
    permissions: [{ principal: 'events.amazonaws.com', action: 'lambda:InvokeFunction' }],
  })
  const target = {
    id: 'T',
    arn: resource.arn,
    retryAttempts: 185,
    maxEventAgeMs: 86_400_000,
    deadLetterArn: QUEUE,
  }
  const rule = aRule({ targets: [{ ...target, ...retryPolicy }] })
  const send = { effect: 'Allow' as const, actions: ['sqs:sendmessage'], resources: [QUEUE] }
  const policy = [{ ...send, principals: ['events.amazonaws.com'] }]
  const queues = [{ logicalId: 'DeadLetters', name: 'DeadLetters', arn: QUEUE, policy }]
  const deployment = aDeployment({ rules: [rule], functions: [resource], queues })
  const clock = createClock({ startMs: 0 })
  const activity = createActivity()
  onTestFinished(holdOverJumps(activity, clock))
  const notices: Notice[] = []
  const onNotice = (notice: Notice) => void notices.push(notice)
  /** Whole virtual seconds at which the target was tried. */
  const seconds: number[] = []
  const delivery = createDelivery({
    ...{ deployment, clock, activity, onNotice, authorizer: createAuthorizer(deployment) },
    queues: createQueueFiles({ dataDir, queues, clock, onNotice }),
    files: createTopicAndLogFiles({ dataDir, clock }),
    startExecution: () => {},
    invoke() {
      seconds.push(Math.floor(clock.now() / 1000))
      if (seconds.length <= failures) throw new Error('the disk is full')
    },
  })
  const file = join(dataDir, 'queues', 'DeadLetters.jsonl')
  const letter = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)
  /** Lets the time pass in steps that are shorter than the first wait. */
  const pass = async (secondsToPass: number): Promise<void> => {
    for (let passed = 0; passed < secondsToPass; passed += 0.5) {
      clock.advance(500)
      await new Promise(resolve => setImmediate(resolve))
      await new Promise(resolve => setTimeout(resolve, 0))
    }
  }
  return {
    rule,
    delivery,
    deliver: () => delivery.deliver(rule, EVENT),
    seconds,
    letter,
    notices,
    pass,
    activity,
  }
}

test('tries a target that fails again after one second, two, four and so on, until it takes the event', async () => {
  const { deliver, seconds, letter, notices, pass, activity } = deliveryWorld(3)
  deliver()
  expect(seconds).toEqual([0])
  await pass(9)
  expect(seconds).toHaveLength(4)
  for (const [at, second] of [0, 1, 3, 7].entries()) {
    expect(seconds[at]).toBeGreaterThanOrEqual(second)
    expect(seconds[at]).toBeLessThanOrEqual(second + 1)
  }
  await activity.idle()
  expect([letter(), notices]).toEqual([undefined, []])
})

test('leaves a dead letter after as many retries as the policy allows', async () => {
  const { deliver, seconds, letter, notices, pass } = deliveryWorld(9, { retryAttempts: 2 })
  deliver()
  await pass(30)
  expect(seconds).toHaveLength(3)
  expect(JSON.parse(letter().body)).toEqual(EVENT)
  expect(letter().attributes).toMatchObject({
    ERROR_MESSAGE: 'the disk is full',
    EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    RETRY_ATTEMPTS: '2',
  })
  expect(notices).toMatchObject([{ kind: 'dead letter' }])
})

test('leaves a dead letter when the event is older than the policy allows', async () => {
  const { deliver, seconds, letter, pass } = deliveryWorld(9, { maxEventAgeMs: 10_000 })
  deliver()
  await pass(40)
  expect(seconds).toHaveLength(4)
  expect(letter().attributes).toMatchObject({
    EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    RETRY_ATTEMPTS: '3',
  })
})

test('does not retry if the policy allows no retry', () => {
  const { deliver, seconds, letter } = deliveryWorld(9, { retryAttempts: 0 })
  deliver()
  expect(seconds).toHaveLength(1)
  expect(letter().attributes).toMatchObject({ RETRY_ATTEMPTS: '0' })
})

test('is under way until the event is taken', async () => {
  const { deliver, activity, pass } = deliveryWorld(1)
  deliver()
  let quiet = false
  const idle = activity.idle().then(() => {
    quiet = true
  })
  await pass(0.5)
  expect(quiet).toBe(false)
  await pass(2)
  await idle
})

test('keeps an event that waits when it stops, and the next one goes on with it', async () => {
  const first = deliveryWorld(9, { retryAttempts: 1 })
  first.deliver()
  first.delivery.stop()
  await first.activity.idle()
  await first.pass(5)
  expect(first.seconds).toHaveLength(1)
  const pending = JSON.parse(JSON.stringify(first.delivery.pending())) as PendingDelivery[]
  expect(pending).toMatchObject([{ ruleArn: first.rule.arn, targetId: 'T', envelope: EVENT, attempts: 1 }])

  const second = deliveryWorld(9, { retryAttempts: 1 })
  second.delivery.resume(pending)
  expect(second.seconds).toHaveLength(1)
  expect(second.letter().attributes).toMatchObject({ RETRY_ATTEMPTS: '1' })
})
