import { ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import type { MetricName } from '../shared/contract/metrics.ts'
import type { AdminAuth } from '../shared/contract/variables.ts'
import { ownMetric, PERIOD } from './own-metrics.ts'

/**
 * `Critical`: nothing is collected. `Error`: something is not collected. `Warning`: all is collected, and somebody
 * should look.
 */
type AlarmSeverity = 'Critical' | 'Error' | 'Warning'

export interface AlarmDefinition {
  /** The runbook has a heading of this name. */
  readonly name: string
  readonly severity: AlarmSeverity
  /** One sentence that says what has happened. */
  readonly says: string
  readonly metric: IMetric
  /** @default 1 */
  readonly threshold?: number
  readonly comparison?: ComparisonOperator
  /** In how many of how many periods the metric must be beyond the threshold. @default - one of one */
  readonly periods?: readonly [breaching: number, of: number]
  /** @default - missing data mean that all is well, because a zero is not sent */
  readonly missingData?: TreatMissingData
  /** The state lasts until somebody repairs it, so the alarm also reports its end. */
  readonly reportsEnd?: true
}

export interface WatchedResources {
  readonly collect: IFunction
  readonly dispatch: IFunction
  readonly admin: IFunction
  readonly adminAuth: AdminAuth
  /**
   * A function URL counts all answers with 5xx, also those that Lambda itself gives. Without a URL there is only the
   * function's own metric.
   */
  readonly hasUrl: boolean
  readonly machine: StateMachine
  readonly deadLetters: IQueue
  readonly lagAlarmMinutes: number
  /** Whether collectors can have a destination beside the lake. */
  readonly hasDestinations: boolean
}

/** Ticks are not exactly five minutes apart. Sometimes a period has no tick, and the next one has two. */
const WITH_ONE_GAP = { periods: [1, 2], reportsEnd: true } as const

/** The threshold of refused calls in one period. Scanners on the Internet usually cause fewer. */
const REFUSALS = 10

const maximum = (scope: Construct, name: MetricName) => ownMetric(scope, name, Stats.MAXIMUM)

const taskAlarms = (scope: Construct, lagAlarmMinutes: number): readonly AlarmDefinition[] => [
  {
    name: 'NotRunning',
    severity: 'Critical',
    says: 'No tick has ended for at least 15 minutes: nothing is collected.',
    metric: ownMetric(scope, 'tasksCollecting', Stats.SAMPLE_COUNT),
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    periods: [3, 3],
    missingData: TreatMissingData.BREACHING,
    reportsEnd: true,
  },
  {
    name: 'Failing',
    severity: 'Error',
    says: 'At three of the last four ticks an API of a source was in the state Error, not necessarily the same one.',
    metric: maximum(scope, 'tasksError'),
    periods: [3, 4],
    reportsEnd: true,
  },
  {
    name: 'ConfigError',
    severity: 'Error',
    says: 'At least one API of a source is not collected until somebody corrects its configuration.',
    metric: maximum(scope, 'misconfigured'),
    ...WITH_ONE_GAP,
  },
  {
    name: 'GivenUp',
    severity: 'Error',
    says: 'At least one API of a source failed for 90 minutes and was given up.',
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
    reportsEnd: true,
  },
  {
    name: 'OverdueWork',
    severity: 'Warning',
    says: 'A tick found an expired lease, a missing claim, a lost execution or an overdue episode, and repaired it.',
    metric: ownMetric(scope, 'overdueWork', Stats.SUM),
  },
]

const errorMetric = (watched: IFunction): IMetric =>
  watched.metricErrors({ period: PERIOD, statistic: Stats.SUM })

const functionAlarms = (
  scope: Construct,
  { collect, dispatch, admin, hasUrl }: WatchedResources,
): readonly AlarmDefinition[] => [
  {
    name: 'CollectErrors',
    severity: 'Warning',
    says: 'A run of collect died, timed out or could not record its failure. Its task is tried again for 90 minutes.',
    metric: errorMetric(collect),
  },
  {
    name: 'DispatchErrors',
    severity: 'Error',
    says: 'A tick, or the end of a deletion, failed in part or completely. The next tick does what is missing.',
    metric: errorMetric(dispatch),
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

/** With iam there is no such alarm, because AWS itself refuses these calls before it invokes the function. */
const refusalAlarms = (scope: Construct, auth: AdminAuth): readonly AlarmDefinition[] =>
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

const deliveryAlarms = ({ deadLetters, machine }: WatchedResources): readonly AlarmDefinition[] => [
  {
    name: 'DeadLetters',
    severity: 'Error',
    says: 'An event could not be delivered or a tick failed: the message is in the dead-letter queue.',
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: Stats.MAXIMUM,
    }),
    reportsEnd: true,
  },
  {
    name: 'RetryTimedOut',
    severity: 'Warning',
    says: 'An execution of the retry state machine did not end by itself. The next tick gives its task up.',
    metric: machine.metricTimedOut({ period: PERIOD, statistic: Stats.SUM }),
  },
]

/** A stack without destinations beside the lake does without this alarm, which would cost 0.10 USD a month. */
const destinationAlarms = (scope: Construct, hasDestinations: boolean): readonly AlarmDefinition[] =>
  hasDestinations
    ? [
        {
          name: 'Destination',
          severity: 'Error',
          says: 'A destination of a collector refused events: the sources of that collector wait until somebody mends it.',
          metric: ownMetric(scope, 'handOverRefused', Stats.SUM),
        },
      ]
    : []

/** All alarms. */
export const alarmDefinitions = (scope: Construct, watched: WatchedResources): readonly AlarmDefinition[] => [
  ...taskAlarms(scope, watched.lagAlarmMinutes),
  ...functionAlarms(scope, watched),
  ...refusalAlarms(scope, watched.adminAuth),
  ...deliveryAlarms(watched),
  ...destinationAlarms(scope, watched.hasDestinations),
]
