import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createActivity } from '../../clock/activity.ts'
import { createClock } from '../../clock/clock.ts'
import { createDelivery } from '../../events/delivery.ts'
import type { EventEnvelope } from '../../events/put-events.ts'
import { createQueueFiles } from '../../events/queue-files.ts'
import { refuseUnknownTargets } from '../../events/target.ts'
import { createTopicAndLogFiles } from '../../events/topic-and-log-files.ts'
import { createAuthorizer } from '../../iam/authorizer.ts'
import type { Notice } from '../../reports.ts'
import type { PolicyStatement, TargetResource } from '../../template/model.ts'
import { aDeployment, aRule, temporaryFolder } from '../support/local-functions.ts'

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:Stack-Topic'
const GROUP = 'arn:aws:logs:us-east-1:000000000000:log-group:Stack-HealthLogs'

const ROLE = 'arn:aws:iam::000000000000:role/Stack-Publisher'

const allow = (action: string, resource: string): PolicyStatement => ({
  effect: 'Allow',
  actions: [action.toLowerCase()],
  resources: [resource],
  principals: ['events.amazonaws.com'],
})

const EVENT: EventEnvelope = {
  version: '0',
  id: 'event-1',
  'detail-type': 'Health-Change',
  source: 'test',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { status: 'UnHealthy' },
}

/** One rule with a topic and a log group as its targets. */
function aWorld({
  topic = [allow('sns:Publish', TOPIC)],
  group = [allow('logs:PutLogEvents', `${GROUP}:*`)],
  role = [] as PolicyStatement[],
} = {}) {
  const dataDir = temporaryFolder()
  const target = { retryAttempts: 10, maxEventAgeMs: 300_000 }
  const rule = aRule({
    targets: [
      { ...target, id: 'Topic', arn: TOPIC, inputPath: '$.detail' },
      { ...target, id: 'Group', arn: GROUP },
    ],
  })
  const deployment = aDeployment({
    rules: [rule],
    roles: [{ logicalId: 'Publisher', name: 'Stack-Publisher', arn: ROLE, statements: role }],
    topics: [{ logicalId: 'Topic', name: 'Stack-Topic', arn: TOPIC, policy: topic }],
    logGroups: [
      { logicalId: 'HealthLogs', name: 'Stack-HealthLogs', arn: `${GROUP}:*`, file: 'health', policy: group },
    ],
  })
  const clock = createClock()
  const notices: Notice[] = []
  const onNotice = (notice: Notice) => void notices.push(notice)
  const { deliver } = createDelivery({
    ...{ clock, activity: createActivity() },
    deployment,
    authorizer: createAuthorizer(deployment),
    queues: createQueueFiles({ dataDir, queues: [], clock, onNotice }),
    files: createTopicAndLogFiles({ dataDir, clock }),
    invoke: () => {},
    startExecution: () => {},
    onNotice,
  })
  const readLines = (...file: string[]): unknown[] =>
    existsSync(join(dataDir, ...file))
      ? readFileSync(join(dataDir, ...file), 'utf8')
          .trim()
          .split('\n')
          .map(line => JSON.parse(line))
      : []
  const topicLines = () => readLines('topics', 'Topic.jsonl')
  const logLines = () => readLines('logs', 'health.jsonl')
  const deliverTo = (change: Partial<TargetResource>, event: EventEnvelope): void =>
    deliver({ ...rule, targets: [{ ...target, id: 'Topic', arn: TOPIC, ...change }] }, event)
  return { deployment, deliver: () => deliver(rule, EVENT), deliverTo, notices, topicLines, logLines }
}

test('writes an event to a topic and to a log group as one line each', () => {
  const { deployment, deliver, notices, topicLines, logLines } = aWorld()
  expect(() => refuseUnknownTargets(deployment)).not.toThrow()
  deliver()
  deliver()
  expect(topicLines()).toEqual(Array(2).fill({ sentAt: expect.any(String), message: EVENT.detail }))
  expect(logLines()).toEqual([EVENT, EVENT])
  expect(notices).toEqual([])
})

test('makes a text of an event, escaped as JSON, for a target with an input transformer', () => {
  const { deliverTo, topicLines } = aWorld()
  const detail = { status: 'Un"Healthy"\n', code: 401, deep: { list: [1] } }
  const paths = {
    status: '$.detail.status',
    code: '$.detail.code',
    list: '$.detail.deep.list',
    no: '$.detail.no',
  }
  const transformer = { template: '"<status> \\"<code>\\" <list>, <no>."', paths }
  deliverTo({ transformer }, { ...EVENT, detail })
  expect(topicLines()).toMatchObject([{ message: 'Un"Healthy"\n "401" [1], .' }])
})

test.each([
  ['a topic', { topic: [] }, 'sns:Publish'],
  ['a topic, for another action', { topic: [allow('sns:Subscribe', TOPIC)] }, 'sns:Publish'],
  ['a log group', { group: [] }, 'logs:PutLogEvents'],
  [
    'a log group, of another name',
    { group: [allow('logs:PutLogEvents', `${GROUP}2:*`)] },
    'logs:PutLogEvents',
  ],
])('does not write to %s if no policy lets rules in, and says so', (_, policies, action) => {
  const { deliver, notices, topicLines, logLines } = aWorld(policies)
  deliver()
  expect(topicLines().length + logLines().length).toBe(1)
  expect(notices).toMatchObject([
    { kind: 'lost event', from: 'Due', reason: expect.stringContaining(action) },
  ])
})

test('publishes as the target’s role, where it names one, whatever the topic’s policy says', () => {
  const publishing: PolicyStatement = { effect: 'Allow', actions: ['sns:publish'], resources: [TOPIC] }
  const allowed = aWorld({ topic: [], role: [publishing] })
  allowed.deliverTo({ roleArn: ROLE }, EVENT)
  expect(allowed.topicLines()).toHaveLength(1)
  const refused = aWorld()
  refused.deliverTo({ roleArn: ROLE }, EVENT)
  expect(refused.topicLines()).toEqual([])
  expect(refused.notices).toMatchObject([
    { kind: 'lost event', reason: expect.stringContaining('sns:Publish') },
  ])
})

test('does not start with a target that is not emulated', () => {
  const { deployment } = aWorld()
  const unknown = { ...deployment, logGroups: [] }
  expect(() => refuseUnknownTargets(unknown)).toThrow(
    `Due has a target that the local stage cannot reach: ${GROUP}`,
  )
})
