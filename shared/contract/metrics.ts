/**
 * The custom metrics. The functions send them; alarms and dashboard show them. Each metric has one dimension, the
 * function that sends it. So their number does not grow with the number of sources. CloudWatch bills a metric for each
 * hour in which it is sent. So a zero is not sent, unless its arrival means something. Invocations, durations and
 * errors of functions are metrics of Lambda, which cost nothing.
 */

type MetricUnit = 'Count' | 'Seconds'
export type MeasuringFunction = 'collect' | 'dispatch' | 'admin'

interface MetricDefinition {
  readonly service: MeasuringFunction
  readonly unit: MetricUnit
  readonly meaning: string
  /** A zero is also sent. */
  readonly always?: true
}

const count = (service: MeasuringFunction, meaning: string): MetricDefinition => ({
  service,
  unit: 'Count',
  meaning,
})

export const METRICS = {
  events: count('collect', 'Events delivered'),
  pages: count('collect', 'Pages delivered, an object in the lake each'),
  lateEvents: count('collect', 'Events older than the newest event delivered before their page'),
  unreadable: count('collect', 'Items that are no events, which were kept in the lake as received'),
  eventsDropped: count('collect', 'Events that processing rules dropped'),
  eventsChanged: count('collect', 'Changes that processing rules made to events'),
  handedOver: count('collect', 'Events handed to destinations beside the lake'),
  handedOverAgain: count('collect', 'Events sent to such a destination again, because it did not take them'),
  handOverRefused: count('collect', 'Events that such a destination refused, until its user mends that'),
  failuresThirdPartyConfig: count('collect', 'Runs that failed with ThirdPartyConfigError'),
  failuresThirdPartyGeneric: count('collect', 'Runs that failed with ThirdPartyGenericError'),
  failuresFirstPartyGeneric: count('collect', 'Runs that failed with FirstPartyGenericError'),
  retries: count('collect', 'Runs that the retry state machine started'),
  quits: count('collect', 'Episodes that ended because the task was given up'),

  lag: {
    service: 'dispatch',
    unit: 'Seconds',
    meaning:
      'How far behind each task is: the time since its last run that read everything, or the age of its newest event if events are left',
  },
  cursorAge: {
    service: 'dispatch',
    unit: 'Seconds',
    meaning: 'The longest time for which a cursor has not moved',
  },
  tasksPending: count('dispatch', 'Tasks in the state Pending'),
  tasksStarted: count('dispatch', 'Tasks in the state Started'),
  tasksInitialized: count('dispatch', 'Tasks in the state Initialized'),
  tasksAuthenticated: count('dispatch', 'Tasks in the state Authenticated'),
  /** It shows that there was a tick, even if it is zero. */
  tasksCollecting: { ...count('dispatch', 'Tasks in the state Collecting'), always: true },
  tasksError: count('dispatch', 'Tasks in the state Error'),
  tasksStopping: count('dispatch', 'Tasks in the state Stopping'),
  openEpisodes: count('dispatch', 'Failing tasks that are being retried'),
  givenUp: count('dispatch', 'Tasks that were given up and wait for their user'),
  misconfigured: count('dispatch', 'Tasks with a configuration error, which wait for their user'),
  ticksUnfinished: count(
    'dispatch',
    'Ticks that did not come to all tasks. The next tick begins with these tasks',
  ),
  leaseExpired: count('dispatch', 'Runs that did not give back their lease: their task is collected again'),
  claimMissing: count('dispatch', 'Episodes that no execution had claimed in time'),
  executionLost: count('dispatch', 'Episodes whose execution had died'),
  episodeOverdue: count('dispatch', 'Episodes past their deadline that nobody had given up'),
  overdueWork: count(
    'dispatch',
    'Expired leases, missing claims, lost executions and overdue episodes that ticks found',
  ),

  refusedCalls: count('admin', 'Calls of the admin URL with a wrong credential or none'),
  failedCalls: count('admin', 'Calls of the admin URL that were answered 500'),
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof METRICS

/** One or more values for some of the metrics. */
export type Measured = { readonly [Name in MetricName]?: number | readonly number[] }

/** How many values of one metric a line may have. CloudWatch takes 100, and Powertools one less. */
export const MOST_VALUES = 99
