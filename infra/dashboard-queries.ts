import { LogQueryWidget } from 'aws-cdk-lib/aws-cloudwatch'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { HEALTH_CHANGE } from '../shared/contract/events.ts'
import { RUN_ENDED } from '../shared/contract/log-messages.ts'

interface Query {
  readonly title: string
  readonly lines: readonly string[]
}

/** The lag of each API of each source, as its last run logged it. */
const WORST: Query = {
  title: 'Worst sources: oldest last event (also shows accounts in which nothing happens)',
  lines: [
    `filter message = "${RUN_ENDED}" and ispresent(lagSeconds)`,
    'stats latest(lagSeconds) / 60 as minutes, latest(outcome) as lastRun, latest(timestamp) as at by sourceName, api, sourceId',
    'sort minutes desc',
    'limit 20',
  ],
}

const ERRORS: Query = {
  title:
    'Open errors: APIs whose last run in the time shown failed (an API that was given up earlier has no run)',
  lines: [
    `filter message = "${RUN_ENDED}" and outcome in ["drained", "continued", "failed"]`,
    'stats latest(outcome) as lastRun, latest(error.type) as type, latest(error.info) as what, latest(retry.nextRetry) as nextRetry, latest(timestamp) as at by sourceName, api, sourceId',
    'filter lastRun = "failed"',
    'sort at desc',
    'limit 20',
  ],
}

const UNHEALTHY: Query = {
  title: 'Broken since (errors that began in the time shown)',
  lines: [
    `filter \`detail-type\` = "${HEALTH_CHANGE}"`,
    'stats latest(detail.status) as status, latest(detail.eventTime) as since, latest(detail.details.error) as what, latest(detail.severityLevel) as severity by detail.resourceIdentity.name as source, detail.details.trackerId as tracker, detail.resourceIdentity.id as id',
    'filter status = "UnHealthy"',
    'sort since asc',
    'limit 20',
  ],
}

const widget = (logs: ILogGroup, { title, lines }: Query, width: number): LogQueryWidget =>
  new LogQueryWidget({ title, logGroupNames: [logs.logGroupName], queryLines: [...lines], width, height: 7 })

/**
 * Tables that list single sources, because no metric is about a single source. Each time somebody looks, CloudWatch
 * reads the logs of the time shown, for 0.005 USD a GB.
 */
export const queryWidgets = (
  collect: ILogGroup,
  health: ILogGroup,
): readonly (readonly LogQueryWidget[])[] => [
  [widget(collect, ERRORS, 24)],
  [widget(health, UNHEALTHY, 12), widget(collect, WORST, 12)],
]
