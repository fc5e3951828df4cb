import { describe, expect, it } from 'vitest'
import { METRICS, type MetricName } from '../../shared/contract/metrics.ts'
import { rendered } from './rendered.ts'
import { templateWith } from './synthesized.ts'

interface AlarmProperties {
  readonly AlarmName: string
  readonly AlarmDescription: string
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
  readonly Statistic: string
  readonly Period: number
  readonly Threshold: number
  readonly ComparisonOperator: string
  readonly DatapointsToAlarm: number
  readonly EvaluationPeriods: number
  readonly TreatMissingData: string
  readonly AlarmActions: readonly string[]
  readonly OKActions?: readonly string[]
}

const alarmsWith = (context: Record<string, unknown> = {}): AlarmProperties[] =>
  Object.values(templateWith(context).findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => rendered(Properties) as AlarmProperties,
  )

const alarms = alarmsWith()

function alarm(name: string, among = alarms): AlarmProperties | undefined {
  return among.find(({ AlarmName }) => AlarmName === `OnePasswordSource-${name}`)
}

const own = (name: MetricName) => ({
  Namespace: 'OnePasswordSource',
  MetricName: name,
  Dimensions: [{ Name: 'service', Value: METRICS[name].service }],
})

const AT_LEAST = 'GreaterThanOrEqualToThreshold'

describe('the alarms', () => {
  it('are one more if a collector can have a destination beside the lake', () => {
    const more = alarmsWith({ destinations: 'sumologic' })
    expect(more).toHaveLength(alarms.length + 1)
    expect(alarm('Destination', more)).toMatchObject({
      ...own('handOverRefused'),
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: AT_LEAST,
    })
  })

  it('are these, named after the stack, with the topic, a severity and a link', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName.replace(/^OnePasswordSource-/, '')).sort()).toEqual([
      'AdminErrors',
      'AdminRefusals',
      'CollectErrors',
      'ConfigError',
      'DeadLetters',
      'DispatchErrors',
      'Failing',
      'GivenUp',
      'Lag',
      'NotRunning',
      'OverdueWork',
      'RetryTimedOut',
    ])
    for (const { AlarmName, AlarmDescription, AlarmActions } of alarms) {
      const anchor = AlarmName.replace('OnePasswordSource-', '').toLowerCase()
      expect(AlarmDescription).toMatch(/^(?:Critical|Error|Warning): [A-Z].+\. What to do: /)
      expect(AlarmDescription).toMatch(new RegExp(` docs/runbook\\.md#${anchor}$`))
      expect(AlarmActions).toEqual(['<AlarmsTopic>'])
    }
  })

  it('NotRunning rings when data are missing, the others do not', () => {
    const breaching = alarms.filter(({ TreatMissingData }) => TreatMissingData !== 'notBreaching')
    expect(breaching).toEqual([alarm('NotRunning')])
    expect(alarm('NotRunning')).toMatchObject({
      ...own('tasksCollecting'),
      Statistic: 'SampleCount',
      Period: 300,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      DatapointsToAlarm: 3,
      EvaluationPeriods: 3,
      TreatMissingData: 'breaching',
    })
    // Were a zero of it not sent, a stack without a collecting task would be taken for one that stands still.
    expect(METRICS.tasksCollecting.always).toBe(true)
  })

  it.each([
    ['Failing', { ...own('tasksError'), Statistic: 'Maximum', DatapointsToAlarm: 3, EvaluationPeriods: 4 }],
    ['ConfigError', { ...own('misconfigured'), Statistic: 'Maximum', DatapointsToAlarm: 1 }],
    ['GivenUp', { ...own('givenUp'), Statistic: 'Maximum', DatapointsToAlarm: 1 }],
    ['OverdueWork', { ...own('overdueWork'), Statistic: 'Sum' }],
  ])('go off if a single task is concerned: %s', (name, properties) => {
    expect(alarm(name)).toMatchObject({ ...properties, Threshold: 1, ComparisonOperator: AT_LEAST })
  })

  it.each([
    ['CollectErrors', 'AWS/Lambda', 'Errors', 'Sum', '<CollectFunction>'],
    ['DispatchErrors', 'AWS/Lambda', 'Errors', 'Sum', '<DispatchFunction>'],
    ['AdminErrors', 'AWS/Lambda', 'Url5xxCount', 'Sum', '<AdminFunction>'],
    ['DeadLetters', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', '<DeadLetters.QueueName>'],
    ['RetryTimedOut', 'AWS/States', 'ExecutionsTimedOut', 'Sum', '<RetryMachine>'],
  ])('go off at the first occurrence: %s', (name, namespace, metric, statistic, of) => {
    expect(alarm(name)).toMatchObject({
      Namespace: namespace,
      MetricName: metric,
      Statistic: statistic,
      Dimensions: [{ Value: of }],
      Threshold: 1,
      ComparisonOperator: AT_LEAST,
    })
  })

  it('go off above the lag that the setting allows', () => {
    const properties = { ...own('lag'), Statistic: 'Maximum', ComparisonOperator: 'GreaterThanThreshold' }
    expect(alarm('Lag')).toMatchObject({ ...properties, Threshold: 3600 })
    const others = alarmsWith({ lagAlarmMinutes: 15, runbookUrl: 'https://wiki.example.com/ops' })
    expect(alarm('Lag', others)).toMatchObject({
      Threshold: 900,
      AlarmDescription: expect.stringMatching(/ 15 minutes .*https:\/\/wiki\.example\.com\/ops#lag$/),
    })
  })

  it('ring at refused calls if the function itself refuses them', () => {
    expect(alarm('AdminRefusals')).toMatchObject({ ...own('refusedCalls'), Statistic: 'Sum', Threshold: 10 })
    expect(alarm('AdminRefusals', alarmsWith({ adminAuth: 'iam' }))).toBeUndefined()
  })

  it('without a URL, ring at the failed calls that the function counts', () => {
    const without = alarm('AdminErrors', alarmsWith({ adminUrl: 'off' }))
    expect(without).toMatchObject({ ...own('failedCalls'), Statistic: 'Sum', Threshold: 1 })
  })

  it('report their end if they last until somebody repairs the cause', () => {
    const told = alarms.filter(({ OKActions }) => OKActions).map(({ AlarmName }) => AlarmName.split('-')[1])
    expect(told.sort()).toEqual(['ConfigError', 'DeadLetters', 'Failing', 'GivenUp', 'Lag', 'NotRunning'])
  })

  it('watch one metric each, because AWS bills them by metric', () => {
    for (const { MetricName: name, ...properties } of alarms) {
      expect(name).toBeDefined()
      expect(properties).not.toHaveProperty('Metrics')
    }
  })

  it('watch the metrics of their own stack', () => {
    const others = alarmsWith({ stackName: 'Other' })
    expect(others.every(({ AlarmName }) => AlarmName.startsWith('Other-'))).toBe(true)
    const namespaces = others.map(({ Namespace }) => Namespace).filter(name => !name.startsWith('AWS/'))
    expect(new Set(namespaces)).toEqual(new Set(['Other']))
  })
})

it('lets CloudWatch of this account publish to the topic', () => {
  const [policy] = Object.values(templateWith().findResources('AWS::SNS::TopicPolicy')).map(
    ({ Properties }) => rendered(Properties) as { PolicyDocument: { Statement: unknown[] } },
  )
  expect(policy?.PolicyDocument.Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
    }),
  )
})
