import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createActivity } from '../../clock/activity.ts'
import { createClock } from '../../clock/clock.ts'
import { createEventing } from '../../events/eventing.ts'
import type { EventEnvelope } from '../../events/put-events.ts'
import { createFunctionPool, type FunctionPool } from '../../lambda/function-pool.ts'
import { errorText } from '../../lambda/invocation.ts'
import type { Notice } from '../../reports.ts'
import type { Deployment, FunctionResource, PolicyStatement } from '../../template/model.ts'
import { aDeployment, aFunction, aRule, temporaryFolder, writeBundle } from '../support/local-functions.ts'

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Stack-DeadLetters'
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/Stack-Bus'
const RULE = aRule().arn

const allow = (action: string, resource: string, principals?: string[]): PolicyStatement => ({
  effect: 'Allow',
  actions: [action.toLowerCase()],
  resources: [resource],
  ...(principals && { principals }),
})

/** A thread starts slowly on a machine under load. */
const PATIENT = { timeout: 10_000, interval: 5 }

const INVOKABLE = [{ principal: 'events.amazonaws.com', action: 'lambda:InvokeFunction', sourceArn: RULE }]

const anEvent = (detail: EventEnvelope['detail'] = {}): EventEnvelope => ({
  version: '0',
  id: 'event-1',
  'detail-type': 'Test',
  source: 'test',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail,
})

interface World {
  readonly body?: string
  readonly resource?: Partial<FunctionResource>
  readonly roleStatements?: readonly PolicyStatement[]
  readonly queuePolicy?: readonly PolicyStatement[]
  readonly deadLetterArn?: string
  readonly dataDir?: string
  readonly pattern?: Record<string, unknown>
  readonly target?: Partial<Deployment['rules'][number]['targets'][number]>
}

/** One function behind one rule, with a queue for what fails. It prints its event. */
function aWorld(given: World = {}) {
  const dataDir = given.dataDir ?? temporaryFolder()
  const codeFolder = writeBundle(`console.log(JSON.stringify(event)); ${given.body ?? ''}`)
  const resource = aFunction({ codeFolder, permissions: INVOKABLE, ...given.resource })
  const { deadLetterArn } = given
  const base = { id: 'T', arn: resource.arn, retryAttempts: 0, maxEventAgeMs: 300_000 }
  const target = { ...base, ...(deadLetterArn && { deadLetterArn }), ...given.target }
  const deployment = aDeployment({
    rules: [aRule({ targets: [target], ...(given.pattern && { pattern: given.pattern }) })],
    functions: [resource],
    roles: [{ logicalId: 'R', name: 'R', arn: resource.roleArn, statements: given.roleStatements ?? [] }],
    queues: [{ logicalId: 'DeadLetters', name: 'DeadLetters', arn: QUEUE, policy: given.queuePolicy ?? [] }],
  })
  const clock = createClock()
  const activity = createActivity()
  const notices: Notice[] = []
  const events: unknown[] = []
  const pools = new Map<string, FunctionPool>()
  const eventing = createEventing({
    ...{ deployment, dataDir, clock, activity, pools },
    onNotice: notice => notices.push(notice),
    onFunctionError: (_, result) =>
      notices.push({ kind: 'function error', functionName: 'work', requestId: '', text: errorText(result) }),
  })
  const onOutput = (text: string) => void events.push(JSON.parse(text))
  const pool = createFunctionPool({ resource, environment: {}, clock, onOutput })
  pools.set(resource.arn, pool)
  onTestFinished(() => pool.close())
  const file = join(dataDir, 'queues', 'DeadLetters.jsonl')
  const deadLetters = () =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map(line => JSON.parse(line) as { body: string; attributes: object })
      : []
  return { clock, activity, notices, events, eventing, pool, deadLetters, dataDir }
}

test('invokes the function of a rule for an event that matches, and for no other', async () => {
  const { eventing, events, activity } = aWorld()
  eventing.putEvents('Stack-Bus', [anEvent({ n: 1 }), { ...anEvent({ n: 2 }), source: 'elsewhere' }])
  eventing.putEvents('Other-Bus', [anEvent({ n: 3 })])
  await activity.idle()
  expect(events).toEqual([anEvent({ n: 1 })])
})

test.each([
  ['a fixed input', { input: '{"fixed":true}' }, { fixed: true }],
  ['a part of the event', { inputPath: '$.detail.inner' }, { n: 7 }],
  ['the whole event', { inputPath: '$' }, anEvent({ inner: { n: 7 } })],
])('gives a target %s', async (_, target, expected) => {
  const { eventing, events, activity } = aWorld({ target })
  eventing.putEvents('Stack-Bus', [anEvent({ inner: { n: 7 } })])
  await activity.idle()
  expect(events).toEqual([expected])
})

test(`sends an event to the target's dead letters if the rule must not invoke the function`, async () => {
  const { eventing, events, activity, deadLetters, notices } = aWorld({
    resource: { permissions: [{ ...INVOKABLE[0], sourceArn: `${RULE}-other` } as (typeof INVOKABLE)[0]] },
    deadLetterArn: QUEUE,
    queuePolicy: [allow('sqs:SendMessage', QUEUE, ['events.amazonaws.com'])],
  })
  eventing.putEvents('Stack-Bus', [anEvent({ n: 1 })])
  await activity.idle()
  expect(events).toEqual([])
  const [letter] = deadLetters()
  expect(JSON.parse(letter?.body ?? '')).toEqual(anEvent({ n: 1 }))
  expect(letter?.attributes).toMatchObject({ RULE_ARN: RULE, ERROR_CODE: 'NO_PERMISSIONS' })
  expect(notices).toMatchObject([{ kind: 'dead letter', queue: 'DeadLetters' }])
})

test('does not let a rule in by a permission that is for function URLs alone', async () => {
  const { eventing, events, activity, notices } = aWorld({
    resource: { permissions: [{ ...INVOKABLE[0], invokedViaFunctionUrl: true } as (typeof INVOKABLE)[0]] },
  })
  eventing.putEvents('Stack-Bus', [anEvent()])
  await activity.idle()
  expect(events).toEqual([])
  expect(notices).toMatchObject([{ kind: 'lost event', reason: expect.stringContaining('may not invoke') }])
})

test('says that an event is lost if the rule must not use the queue either', async () => {
  const { eventing, deadLetters, notices } = aWorld({ resource: { permissions: [] }, deadLetterArn: QUEUE })
  eventing.putEvents('Stack-Bus', [anEvent()])
  expect(deadLetters()).toEqual([])
  expect(notices).toMatchObject([{ kind: 'lost event', reason: expect.stringContaining('sqs:SendMessage') }])
})

test('refuses to start with a target that it cannot reach', () => {
  expect(() => aWorld({ target: { arn: 'arn:aws:sns:us-east-1:000000000000:topic' } })).toThrow(
    'Due has a target that the local stage cannot reach: arn:aws:sns:us-east-1:000000000000:topic',
  )
})

test('puts the record of a run that died on the on-failure bus, as Lambda does', async () => {
  const { eventing, events, activity, notices } = aWorld({
    body: 'if (event.source === "test") process.exit(1)',
    pattern: { source: ['test', 'lambda'] },
    resource: { asynchronous: { retryAttempts: 0, maxEventAgeMs: 300_000, onFailureArn: BUS } },
    roleStatements: [allow('events:PutEvents', BUS)],
  })
  eventing.putEvents('Stack-Bus', [anEvent({ n: 1 })])
  await activity.idle()
  expect(events).toMatchObject([
    anEvent({ n: 1 }),
    {
      source: 'lambda',
      'detail-type': 'Lambda Function Invocation Result - Failure',
      resources: [BUS, `${aFunction().arn}:$LATEST`],
      detail: {
        requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
        requestPayload: anEvent({ n: 1 }),
        responsePayload: { errorType: 'Runtime.ExitError' },
      },
    },
  ])
  expect(notices).toMatchObject([{ kind: 'function error', text: expect.stringContaining('exit status 1') }])
})

test('keeps a failed invocation in the on-failure queue, with its record', async () => {
  const { eventing, activity, deadLetters } = aWorld({
    body: 'throw new RangeError("too far")',
    resource: { asynchronous: { retryAttempts: 0, maxEventAgeMs: 300_000, onFailureArn: QUEUE } },
    roleStatements: [allow('sqs:SendMessage', QUEUE)],
  })
  eventing.putEvents('Stack-Bus', [anEvent({ n: 1 })])
  await activity.idle()
  expect(JSON.parse(deadLetters()[0]?.body ?? '')).toMatchObject({
    version: '1.0',
    requestContext: {
      functionArn: `${aFunction().arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 1,
    },
    requestPayload: anEvent({ n: 1 }),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'RangeError', errorMessage: 'too far' },
  })
})

test('says that the record of a failure is lost if the role must not send it', async () => {
  const { eventing, activity, deadLetters, notices } = aWorld({
    body: 'throw new Error("no")',
    resource: { asynchronous: { retryAttempts: 0, maxEventAgeMs: 300_000, onFailureArn: QUEUE } },
  })
  eventing.putEvents('Stack-Bus', [anEvent()])
  await activity.idle()
  expect(deadLetters()).toEqual([])
  expect(notices).toContainEqual(
    expect.objectContaining({ kind: 'lost event', reason: expect.stringContaining('sqs:SendMessage') }),
  )
})

test(`retries after one minute and then after two, as often as the function's configuration says`, async () => {
  const { eventing, activity, clock, events, notices, deadLetters } = aWorld({
    body: 'throw new Error("again")',
    resource: { asynchronous: { retryAttempts: 2, maxEventAgeMs: 3_600_000, onFailureArn: QUEUE } },
    roleStatements: [allow('sqs:SendMessage', QUEUE)],
  })
  // With the notice of a failure, and not with the run's output, its wait has begun.
  const seen = async (failures: number) => await expect.poll(() => notices.length, PATIENT).toBe(failures)
  eventing.putEvents('Stack-Bus', [anEvent()])
  await seen(1)
  clock.advance(59_000)
  await new Promise(resolve => setTimeout(resolve, 30))
  await seen(1)
  clock.advance(1000)
  await seen(2)
  clock.advance(119_000)
  await new Promise(resolve => setTimeout(resolve, 30))
  await seen(2)
  clock.advance(1000)
  await activity.idle()
  expect(events).toHaveLength(3)
  expect(JSON.parse(deadLetters()[0]?.body ?? '').requestContext.approximateInvokeCount).toBe(3)
})

test('gives up an event that became too old while the function was busy', async () => {
  const { eventing, activity, clock, events, deadLetters } = aWorld({
    body: 'const rested = new Promise(resolve => setTimeout(resolve, 60_000)); console.log(`"resting"`); await rested',
    resource: {
      timeoutMs: 600_000,
      reservedConcurrency: 1,
      asynchronous: { retryAttempts: 0, maxEventAgeMs: 30_000, onFailureArn: QUEUE },
    },
    roleStatements: [allow('sqs:SendMessage', QUEUE)],
  })
  eventing.putEvents('Stack-Bus', [anEvent({ n: 1 }), anEvent({ n: 2 })])
  const begun = [anEvent({ n: 1 }), 'resting']
  await expect.poll(() => events, PATIENT).toEqual(begun)
  clock.advance(61_000)
  await activity.idle()
  expect(events).toEqual(begun)
  const record = JSON.parse(deadLetters()[0]?.body ?? '')
  expect(record.requestContext).toMatchObject({ condition: 'EventAgeExceeded', approximateInvokeCount: 0 })
  expect(record.requestPayload.detail).toEqual({ n: 2 })
})

test('keeps invocations that have not begun for the next start, and does not report the run that it ends', async () => {
  const first = aWorld({
    body: 'await new Promise(() => setTimeout(() => {}, 60_000))',
    resource: {
      reservedConcurrency: 1,
      asynchronous: { retryAttempts: 0, maxEventAgeMs: 300_000, onFailureArn: QUEUE },
    },
  })
  first.eventing.resume()
  first.eventing.putEvents('Stack-Bus', [anEvent({ n: 1 }), anEvent({ n: 2 })])
  await expect.poll(() => first.events.length, PATIENT).toBe(1)
  first.eventing.stop()
  first.eventing.putEvents('Stack-Bus', [anEvent({ n: 3 })])
  await first.pool.close()
  await first.activity.idle()
  first.eventing.save()
  expect(first.notices).toEqual([])

  const second = aWorld({ dataDir: first.dataDir, resource: { reservedConcurrency: 1 } })
  second.eventing.resume()
  await second.activity.idle()
  expect(second.events).toEqual([anEvent({ n: 2 }), anEvent({ n: 3 })])
})
