import { describe, expect, it } from 'vitest'
import { PRICES } from '../../infra/commands/cost/prices.ts'
import { LIST_PRICES } from '../../infra/dashboard-cost.ts'
import { METRICS, type MetricName } from '../../shared/contract/metrics.ts'
import { rendered } from './rendered.ts'
import { templateWith } from './synthesized.ts'

interface Widget {
  readonly type: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: {
    readonly title?: string
    readonly markdown?: string
    readonly query?: string
    readonly alarms?: readonly string[]
    readonly metrics?: readonly (readonly (string | { readonly expression?: string })[])[]
  }
}

const dashboardsWith = (context: Record<string, unknown> = {}) =>
  Object.values(templateWith(context).findResources('AWS::CloudWatch::Dashboard')).map(
    ({ Properties }) =>
      rendered(Properties) as { readonly DashboardName: string; readonly DashboardBody: string },
  )

const [dashboard] = dashboardsWith({ destinations: 'sumologic' })
const { widgets } = JSON.parse(dashboard?.DashboardBody ?? '') as { widgets: Widget[] }
const titled = (start: string) => widgets.find(({ properties }) => properties.title?.startsWith(start))
const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? [])

describe('the dashboard', () => {
  it('has the names of stack and region in its name, because it belongs to the account', () => {
    expect(dashboard?.DashboardName).toBe('OnePasswordSource-<AWS::Region>')
  })

  it('shows every metric that the functions send, and no other', () => {
    const shown = metrics
      .filter(([namespace]) => namespace === 'OnePasswordSource')
      .map(([, name, dimension, service]) => ({ name: String(name), dimension, service }))
    const parts: MetricName[] = ['leaseExpired', 'claimMissing', 'executionLost', 'episodeOverdue']
    // The alarm Destination shows it. A free dashboard has no room for it.
    parts.push('handOverRefused')
    // Only sources with processing rules send them. The tasks and the log say it of each rule.
    parts.push('eventsDropped', 'eventsChanged')
    const expected = (Object.keys(METRICS) as MetricName[]).filter(name => !parts.includes(name))
    expect(new Set(shown.map(({ name }) => name))).toEqual(new Set(expected))
    for (const { name, dimension, service } of shown) {
      expect({ dimension, service }).toEqual({
        dimension: 'service',
        service: METRICS[name as MetricName].service,
      })
    }
  })

  it('shows every alarm', () => {
    const template = templateWith({ destinations: 'sumologic' })
    const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'))
    expect(titled('Alarms')?.properties.alarms).toHaveLength(alarms.length)
  })

  it('shows single sources from the logs of collect and of health', () => {
    expect(titled('Open errors')?.properties.query).toMatch(
      /^SOURCE '<CollectLogs>' \| filter message = "run ended"/,
    )
    expect(titled('Worst sources')?.properties.query).toContain('latest(lagSeconds)')
    expect(titled('Broken since')?.properties.query).toMatch(
      /^SOURCE '<HealthLogs>' \| filter `detail-type` = "Health-Change"/,
    )
  })

  it('has a link to the runbook', () => {
    const body = JSON.stringify(dashboardsWith({ runbookUrl: 'https://wiki.example.com/ops' }))
    expect(body).toContain('https://wiki.example.com/ops')
    expect(widgets[0]?.properties.markdown).toContain('docs/runbook.md')
  })

  it('computes the cost of use with the prices of npm run cost', () => {
    const { lambda, dynamodb, s3, eventBridge, logs } = PRICES
    expect(LIST_PRICES).toEqual({
      lambdaRequest: lambda.request,
      lambdaGbSecond: lambda.gbSecondArm,
      writeUnit: dynamodb.writeUnit,
      readUnit: dynamodb.readUnit,
      put: s3.put,
      event: eventBridge.event,
      logGb: logs.ingestedGb,
    })
    const terms = (titled('Cost of collecting')?.properties.metrics ?? []).flatMap(([first]) =>
      typeof first === 'object' && first.expression ? first.expression.split(' + ') : [],
    )
    // Calls and time of two functions; units; pages; events; two log groups.
    expect(terms).toHaveLength(4 + 3 + 1 + 1 + 2)
    const ofLambda = terms
      .filter(term => /^FILL\(\w+Time,/.test(term))
      .map(term => Number(term.split(' * ')[1]))
    const perMs = lambda.gbSecondArm / 1000
    expect(ofLambda.map(price => (price / perMs).toFixed(4))).toEqual(['0.3125', '0.5000'])
    expect(terms.every(term => / \* 0\.\d+$/.test(term))).toBe(true)
  })

  it('has no more metrics than a free dashboard may', () => {
    expect(metrics.filter(([namespace]) => typeof namespace === 'string').length).toBeLessThanOrEqual(50)
  })

  it('has no two widgets in the same place', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, at) => `${x + (at % width)} ${y + Math.floor(at / width)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24)
  })

  it('can be left out, and then nothing else is missing', () => {
    expect(dashboardsWith({ dashboard: 'off' })).toEqual([])
    const types = (context: object) =>
      Object.values<{ Type: string }>(templateWith({ ...context }).toJSON()['Resources']).map(
        ({ Type }) => Type,
      )
    expect(types({ dashboard: 'off' })).toEqual(
      types({}).filter(type => type !== 'AWS::CloudWatch::Dashboard'),
    )
  })
})
