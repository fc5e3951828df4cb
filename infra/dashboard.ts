import { Duration, Stack } from 'aws-cdk-lib'
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { METRICS, type MetricName } from '../shared/contract/metrics.ts'
import { costWidget } from './dashboard-cost.ts'
import { queryWidgets } from './dashboard-queries.ts'
import { ownMetric, PERIOD } from './own-metrics.ts'

export interface DashboardProps {
  readonly collect: NodejsFunction
  readonly dispatch: NodejsFunction
  readonly admin: NodejsFunction
  readonly machine: StateMachine
  readonly deadLetters: IQueue
  readonly tasks: TableV2
  readonly registry: TableV2
  readonly healthLogs: ILogGroup
  readonly alarms: readonly Alarm[]
  /** Whether collectors can have a destination beside the lake. */
  readonly hasDestinations: boolean
  /** Whether the management API has a URL. The URL's own metrics count the calls. */
  readonly hasUrl: boolean
  readonly lagAlarmMinutes: number
  readonly runbook: string
}

const SUM = { period: PERIOD, statistic: Stats.SUM }

/**
 * The dashboard: is everything collected, how far behind is it, what is broken and since when, and what does it cost.
 */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id)
    const { stackName, region } = Stack.of(this)
    const { collect, healthLogs } = props
    new Dashboard(this, 'Dashboard', {
      // All regions of an account share the names of dashboards.
      dashboardName: `${stackName}-${region}`,
      defaultInterval: Duration.days(1),
      widgets: [
        [intro(props)],
        [alarmStatus(props)],
        [this.states(), this.lag(props)],
        ...queryWidgets(collect.logGroup, healthLogs).map(row => [...row]),
        [this.collected(), this.troubles()],
        ...(props.hasDestinations ? [[this.handedOver()]] : []),
        [runs(props), this.machinery(props)],
        [costWidget(this, props)],
      ],
    })
  }

  private own(statistic: string, ...names: MetricName[]): IMetric[] {
    return names.map(name => ownMetric(this, name, statistic).with({ label: METRICS[name].meaning }))
  }

  private states(): IWidget {
    return graph('Is everything collecting? Tasks by state', {
      left: this.own(
        Stats.MAXIMUM,
        'tasksCollecting',
        'tasksError',
        'tasksPending',
        'tasksStarted',
        'tasksInitialized',
        'tasksAuthenticated',
        'tasksStopping',
      ),
      stacked: true,
    })
  }

  private lag({ lagAlarmMinutes }: DashboardProps): IWidget {
    const [maximum, median] = [Stats.MAXIMUM, Stats.p(50)].map(statistic =>
      ownMetric(this, 'lag', statistic).with({
        label: `Lag, ${statistic === Stats.MAXIMUM ? 'most' : 'p50'}`,
      }),
    )
    return graph('How far behind? Seconds, over tasks', {
      left: [maximum, median].filter(metric => metric !== undefined),
      right: this.own(Stats.MAXIMUM, 'cursorAge'),
      leftAnnotations: [{ value: lagAlarmMinutes * 60, label: 'Alarm' }],
    })
  }

  private collected(): IWidget {
    return graph('Collected', {
      left: this.own(Stats.SUM, 'events', 'lateEvents', 'unreadable'),
      right: this.own(Stats.SUM, 'pages'),
    })
  }

  /**
   * The lake is never more than a page ahead of a destination, so the lag above is that of both. What was refused is shown
   * by the alarm.
   */
  private handedOver(): IWidget {
    return graph('To destinations beside the lake. Events', {
      left: this.own(Stats.SUM, 'handedOver', 'handedOverAgain'),
    })
  }

  private troubles(): IWidget {
    return graph('Failures, retries, and what waits for its user', {
      left: this.own(
        Stats.SUM,
        'failuresThirdPartyConfig',
        'failuresThirdPartyGeneric',
        'failuresFirstPartyGeneric',
        'retries',
        'quits',
      ),
      right: this.own(Stats.MAXIMUM, 'openEpisodes', 'givenUp', 'misconfigured'),
    })
  }

  private machinery({ dispatch, admin, hasUrl, machine, deadLetters }: DashboardProps): IWidget {
    const deadLetterCount = deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: Stats.MAXIMUM,
      label: 'Dead letters',
    })
    return graph('Ticks, retry machine, dead letters, admin URL', {
      left: [
        ...this.own(Stats.SUM, 'overdueWork', 'ticksUnfinished', 'refusedCalls', 'failedCalls'),
        dispatch.metricErrors({ ...SUM, label: 'Ticks with errors' }),
        machine.metricFailed({ ...SUM, label: 'Executions failed (given up, too)' }),
        machine.metricTimedOut({ ...SUM, label: 'Executions timed out' }),
        deadLetterCount,
        hasUrl
          ? admin.metric('UrlRequestCount', { ...SUM, label: 'Calls of the admin URL' })
          : admin.metricInvocations({ ...SUM, label: 'Calls of the admin function' }),
      ],
      right: [
        dispatch.metricDuration({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'Longest tick, ms' }),
      ],
    })
  }
}

interface Graph {
  readonly left: IMetric[]
  readonly right?: IMetric[]
  readonly leftAnnotations?: { readonly value: number; readonly label: string }[]
  readonly stacked?: boolean
}

const graph = (title: string, content: Graph): GraphWidget =>
  new GraphWidget({
    title,
    width: 12,
    height: 6,
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, showUnits: false },
    ...content,
  })

const intro = ({ runbook }: DashboardProps): IWidget =>
  new TextWidget({
    width: 24,
    height: 3,
    markdown:
      `A task is one API of one source. What each alarm and error means, and what to do: ${runbook}. ` +
      'What the user must do for a task: `GET …/sources/{id}/tasks` at the admin URL.\n\n' +
      'The fixed cost in a month is 0.40 USD for each source’s secret and for the access key, 0.10 for each alarm, 0.30 for each ' +
      'metric in use, 3 for this dashboard (the first three of an account are free).',
  })

const alarmStatus = ({ alarms }: DashboardProps): IWidget =>
  new AlarmStatusWidget({ title: 'Alarms', width: 24, height: 3, alarms: [...alarms] })

const runs = ({ collect }: DashboardProps): IWidget =>
  graph('Runs', {
    left: [
      collect.metricInvocations({ ...SUM, label: 'Runs and retry steps' }),
      collect.metricErrors({ ...SUM, label: 'Runs that died' }),
      collect.metricThrottles({ ...SUM, label: 'Throttled' }),
    ],
    right: [
      collect.metricDuration({ period: PERIOD, statistic: Stats.p(50), label: 'Duration p50, ms' }),
      collect.metricDuration({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'Longest, ms' }),
    ],
  })
