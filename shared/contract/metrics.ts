/**
 * The custom metrics, written once: sent by the functions, watched by alarms and dashboard. Each has one dimension, the
 * function that sends it, so that their number does not grow with the sources. CloudWatch bills a metric for each hour
 * in which it is sent: a zero is not sent, unless its very coming says something. Runs, durations and errors of functions are
 * Lambda's own metrics, which cost nothing.
 */

export type MetricUnit = 'Count' | 'Seconds'
export type MeasuringFunction = 'collect' | 'dispatch' | 'admin'

interface MetricDefinition {
  readonly service: MeasuringFunction
  readonly unit: MetricUnit
  readonly meaning: string
  /** A zero is sent, too. */
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
  lateEvents: count('collect', 'Of the events, those older than the newest delivered before their page'),
  failuresThirdPartyConfig: count('collect', 'Runs that failed with ThirdPartyConfigError'),
  failuresThirdPartyGeneric: count('collect', 'Runs that failed with ThirdPartyGenericError'),
  failuresFirstPartyGeneric: count('collect', 'Runs that failed with FirstPartyGenericError'),
  retries: count('collect', 'Runs that the retry state machine asked for'),
  quits: count('collect', 'Episodes that ended by giving the task up'),

  lag: {
    service: 'dispatch',
    unit: 'Seconds',
    meaning:
      'How far behind each task is: since its last run that read all there was, or the age of the newest event if that left some',
  },
  cursorAge: {
    service: 'dispatch',
    unit: 'Seconds',
    meaning: 'How long ago the cursor moved that has stood longest',
  },
  tasksPending: count('dispatch', 'Tasks in the state Pending'),
  tasksStarted: count('dispatch', 'Tasks in the state Started'),
  tasksInitialized: count('dispatch', 'Tasks in the state Initialized'),
  tasksAuthenticated: count('dispatch', 'Tasks in the state Authenticated'),
  /** That it comes, be it zero, is what says that there was a tick. */
  tasksCollecting: { ...count('dispatch', 'Tasks in the state Collecting'), always: true },
  tasksError: count('dispatch', 'Tasks in the state Error'),
  tasksStopping: count('dispatch', 'Tasks in the state Stopping'),
  openEpisodes: count('dispatch', 'Failing tasks that are being retried'),
  givenUp: count('dispatch', 'Tasks that were given up and wait for their user'),
  misconfigured: count('dispatch', 'Tasks with a configuration error, which wait for their user'),
  abandoned: count('dispatch', 'Runs that never came back: their task is collected again'),
  unclaimed: count('dispatch', 'Episodes that no execution had claimed'),
  silent: count('dispatch', 'Episodes whose execution had died'),
  overdue: count('dispatch', 'Episodes past their deadline that nobody had given up'),
  rescued: count('dispatch', 'All of the watchman’s work: abandoned, unclaimed, silent and overdue'),

  refusedCalls: count('admin', 'Calls of the admin URL with a wrong credential or none'),
  failedCalls: count('admin', 'Calls of the admin URL that were answered 500'),
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof METRICS

/** Of a metric, one value or several. */
export type Measured = { readonly [Name in MetricName]?: number | readonly number[] }

/** CloudWatch takes 100 values of one metric on a line, and Powertools keeps one back. */
export const MOST_VALUES = 99
