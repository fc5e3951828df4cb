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
import type { PolicyStatement } from '../../template/model.ts'
import { aDeployment, aRule, temporaryFolder } from '../support/local-functions.ts'

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Stack-Machine'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:Stack-DeadLetters'
const ROLE = 'arn:aws:iam::000000000000:role/Stack-RuleRole'

const EVENT: EventEnvelope = {
  ...{ version: '0', id: 'event-1', 'detail-type': 'EpisodeOpened', source: 'test', region: 'us-east-1' },
  ...{ account: '000000000000', time: '2026-01-01T00:00:00Z', resources: [] },
  detail: { episode: 'e1' },
}

const starting = (resource: string): PolicyStatement => ({
  effect: 'Allow',
  actions: ['states:startexecution'],
  resources: [resource],
})

/** One rule with a state machine as its target. */
function aWorld({ statements = [starting(MACHINE)], role = true } = {}) {
  const dataDir = temporaryFolder()
  const limits = { id: 'Machine', retryAttempts: 10, maxEventAgeMs: 300_000 }
  const target = { ...limits, arn: MACHINE, inputPath: '$.detail', deadLetterArn: QUEUE }
  const rule = aRule({ targets: [role ? { ...target, roleArn: ROLE } : target] })
  const fromRule: PolicyStatement = {
    ...{ effect: 'Allow', actions: ['sqs:sendmessage'], resources: [QUEUE] },
    principals: ['events.amazonaws.com'],
  }
  const deployment = aDeployment({
    rules: [rule],
    roles: [{ logicalId: 'RuleRole', name: 'Stack-RuleRole', arn: ROLE, statements }],
    queues: [{ logicalId: 'DeadLetters', name: 'Stack-DeadLetters', arn: QUEUE, policy: [fromRule] }],
    stateMachines: [
      {
        ...{ logicalId: 'Machine', name: 'Stack-Machine', arn: MACHINE, roleArn: '', file: 'm' },
        definition: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
      },
    ],
  })
  const clock = createClock()
  const notices: Notice[] = []
  const started: [string, string][] = []
  const onNotice = (notice: Notice) => void notices.push(notice)
  const { deliver } = createDelivery({
    ...{ clock, activity: createActivity() },
    ...{
      deployment,
      authorizer: createAuthorizer(deployment),
      files: createTopicAndLogFiles({ dataDir, clock }),
    },
    queues: createQueueFiles({ dataDir, queues: deployment.queues, clock, onNotice }),
    invoke: () => {},
    startExecution: (arn, input) => void started.push([arn, input]),
    onNotice,
  })
  const file = join(dataDir, 'queues', 'DeadLetters.jsonl')
  const letter = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)
  return { deployment, deliver: () => deliver(rule, EVENT), notices, started, letter }
}

test('a rule starts a state machine with the input of its target', () => {
  const { deployment, deliver, notices, started } = aWorld()
  expect(() => refuseUnknownTargets(deployment)).not.toThrow()
  deliver()
  expect(started).toEqual([[MACHINE, '{"episode":"e1"}']])
  expect(notices).toEqual([])
})

test.each([
  ['has no such right', { statements: [] }],
  ['may start another one', { statements: [starting(`${MACHINE}2`)] }],
])('a rule whose role %s leaves a dead letter', (_, given) => {
  const { deliver, started, letter } = aWorld(given)
  deliver()
  expect(started).toEqual([])
  expect(letter().attributes).toMatchObject({
    ERROR_CODE: 'NO_PERMISSIONS',
    ERROR_MESSAGE: expect.stringContaining(
      'assumed-role/Stack-RuleRole/Stack-Due is not authorized to perform: states:StartExecution',
    ),
  })
})

test('a rule without a role leaves a dead letter', () => {
  const { deliver, started, letter } = aWorld({ role: false })
  deliver()
  expect(started).toEqual([])
  expect(letter().attributes.ERROR_MESSAGE).toContain('has no role to start')
})
