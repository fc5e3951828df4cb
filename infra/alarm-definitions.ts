import { ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import type { MetricName } from '../shared/contract/metrics.ts'
import type { AdminAuth } from '../shared/contract/variables.ts'
import { ownMetric, PERIOD } from './own-metrics.ts'

/** `Critical`: nothing is collected. `Error`: some of it is not. `Warning`: it is, and somebody should look. */
export type AlarmSeverity = 'Critical' | 'Error' | 'Warning'

export interface AlarmDefinition {
  /** The runbook has a heading of this name. */
  readonly name: string
  readonly severity: AlarmSeverity
  /** What has happened, in a sentence. */
  readonly says: string
  readonly metric: IMetric
  /** @default 1, or more */
  readonly threshold?: number
  readonly comparison?: ComparisonOperator
  /** How many of how many periods. @default - one of one */
  readonly periods?: readonly [breaching: number, of: number]
  /** @default - well: what is zero is not sent */
  readonly missingData?: TreatMissingData
  /** It lasts until it is mended, and its end is told, too. */
  readonly stands?: true
}

export interface Watched {
  readonly collect: IFunction
  readonly dispatch: IFunction
  readonly admin: IFunction
  readonly adminAuth: AdminAuth
  /** Only a URL counts the answers 5xx, those of Lambda itself too. */
  readonly hasUrl: boolean
  readonly machine: StateMachine
  readonly deadLetters: IQueue
  readonly lagAlarmMinutes: number
}

/** Ticks are not quite five minutes apart: now and then a period has none, and the next one has two. */
const WITH_ONE_GAP = { periods: [1, 2], stands: true } as const

/** Below it are the scanners of the Internet. */
const REFUSALS = 10

const maximum = (scope: Construct, name: MetricName) => ownMetric(scope, name, Stats.MAXIMUM)

const ofTasks = (scope: Construct, lagAlarmMinutes: number): readonly AlarmDefinition[] => [
  {
    name: 'NotRunning',
    severity: 'Critical',
    says: 'No tick has ended for at least 15 minutes: nothing is collected.',
    metric: ownMetric(scope, 'tasksCollecting', Stats.SAMPLE_COUNT),
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    periods: [3, 3],
    missingData: TreatMissingData.BREACHING,
    stands: true,
  },
  {
    name: 'Failing',
    severity: 'Error',
    says: 'At three of the last four ticks an API of a source was in the state Error, not necessarily the same one.',
    metric: maximum(scope, 'tasksError'),
    periods: [3, 4],
    stands: true,
  },
  {
    name: 'ConfigError',
    severity: 'Error',
    says: 'At least one API of a source is not collected until its configuration is mended.',
    metric: maximum(scope, 'misconfigured'),
    ...WITH_ONE_GAP,
  },
  {
    name: 'GivenUp',
    severity: 'Error',
    says: 'At least one API of a source was given up after 90 minutes of trouble.',
    metric: maximum(scope, 'givenUp'),
    ...WITH_ONE_GAP,
  },
  {
    name: 'Lag',
    severity: 'Warning',
    says: `The collection of at least one API of a source is more than ${lagAlarmMinutes} minutes behind.`,
    metric: maximum(scope, 'lag'),
    threshold: lagAlarmMinutes * 60,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    periods: [2, 3],
    stands: true,
  },
  {
    name: 'OverdueWork',
    severity: 'Warning',
    says: 'A tick found an expired lease, a missing claim, a lost execution or an overdue episode, and repaired it.',
    metric: ownMetric(scope, 'overdueWork', Stats.SUM),
  },
]

const errorsOf = (watched: IFunction): IMetric =>
  watched.metricErrors({ period: PERIOD, statistic: Stats.SUM })

const ofFunctions = (
  scope: Construct,
  { collect, dispatch, admin, hasUrl }: Watched,
): readonly AlarmDefinition[] => [
  {
    name: 'CollectErrors',
    severity: 'Warning',
    says: 'A run of collect died, timed out or could not record its failure. Its task is tried again for 90 minutes.',
    metric: errorsOf(collect),
  },
  {
    name: 'DispatchErrors',
    severity: 'Error',
    says: 'A tick, or the end of a deletion, failed in part or as a whole. The next tick does it again.',
    metric: errorsOf(dispatch),
  },
  {
    name: 'AdminErrors',
    severity: 'Warning',
    says: hasUrl ? 'The admin URL answered a call with 5xx.' : 'The admin function answered a call with 500.',
    metric: hasUrl
      ? admin.metric('Url5xxCount', { period: PERIOD, statistic: Stats.SUM })
      : ownMetric(scope, 'failedCalls', Stats.SUM),
  },
]

/** With iam it is AWS that refuses, before the function is invoked. */
const ofRefusals = (scope: Construct, auth: AdminAuth): readonly AlarmDefinition[] =>
  auth === 'iam'
    ? []
    : [
        {
          name: 'AdminRefusals',
          severity: 'Warning',
          says: `The admin URL refused ${REFUSALS} or more calls within five minutes: a wrong access key, or none.`,
          metric: ownMetric(scope, 'refusedCalls', Stats.SUM),
          threshold: REFUSALS,
        },
      ]

const ofDelivery = ({ deadLetters, machine }: Watched): readonly AlarmDefinition[] => [
  {
    name: 'DeadLetters',
    severity: 'Error',
    says: 'An event could not be delivered or a tick failed: the message is in the dead-letter queue.',
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: Stats.MAXIMUM,
    }),
    stands: true,
  },
  {
    name: 'RetryTimedOut',
    severity: 'Warning',
    says: 'An execution of the retry state machine did not end by itself. The next tick gives its task up.',
    metric: machine.metricTimedOut({ period: PERIOD, statistic: Stats.SUM }),
  },
]

/** Everything that a person is called for. */
export const alarmDefinitions = (scope: Construct, watched: Watched): readonly AlarmDefinition[] => [
  ...ofTasks(scope, watched.lagAlarmMinutes),
  ...ofFunctions(scope, watched),
  ...ofRefusals(scope, watched.adminAuth),
  ...ofDelivery(watched),
]
