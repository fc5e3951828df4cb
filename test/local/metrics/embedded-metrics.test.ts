import { describe, expect, it } from 'vitest'
import { embeddedMetrics } from '../../../infra/local/metrics/embedded-metrics.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')

type Json = Record<string, unknown>

const directive = (change: Json = {}): Json => ({
  Namespace: 'TheStack',
  Dimensions: [['service']],
  Metrics: [{ Name: 'events', Unit: 'Count' }],
  ...change,
})

const line = (change: Json = {}, aws: Json = {}): Json => ({
  message: 'run ended',
  service: 'collect',
  events: 5,
  _aws: { Timestamp: NOW_MS, CloudWatchMetrics: [directive()], ...aws },
  ...change,
})

const withDirective = (change: Json): Json => line({}, { CloudWatchMetrics: [directive(change)] })

describe('a line in the embedded metric format', () => {
  it('is read with namespace, dimensions, unit and values', () => {
    expect(embeddedMetrics(line({ events: [5, 6] }), NOW_MS)).toEqual([
      {
        namespace: 'TheStack',
        dimensions: { service: 'collect' },
        name: 'events',
        unit: 'Count',
        values: [5, 6],
        timestampMs: NOW_MS,
      },
    ])
  })

  it('counts once for each set of dimensions; a set may be empty', () => {
    const read = embeddedMetrics(withDirective({ Dimensions: [[], ['service']] }), NOW_MS)
    expect(read.map(({ dimensions }) => dimensions)).toEqual([{}, { service: 'collect' }])
  })

  it('is distinguished from any other line', () => {
    expect(embeddedMetrics({ message: 'run ended', events: 5 }, NOW_MS)).toEqual([])
  })

  const DAY_MS = 86_400_000
  it.each<[string, Json, string]>([
    ['no object', line({ _aws: [] }), '_aws is no object'],
    ['a member too many', line({}, { Extra: 1 }), 'has the member Extra'],
    ['no time', line({}, { Timestamp: 'now' }), 'Timestamp is no whole number'],
    ['a time long past', line({}, { Timestamp: NOW_MS - 15 * DAY_MS }), 'more than 14 days ago'],
    ['a time ahead', line({}, { Timestamp: NOW_MS + DAY_MS }), '2 hours ahead'],
    ['no directive', line({}, { CloudWatchMetrics: [] }), 'CloudWatchMetrics is no array with members'],
    ['no namespace', withDirective({ Namespace: undefined }), 'Namespace'],
    ['a namespace of AWS', withDirective({ Namespace: 'AWS/Lambda' }), 'Namespace "AWS/Lambda"'],
    ['no set of dimensions', withDirective({ Dimensions: [] }), 'Dimensions is no array with members'],
    ['a dimension without a value', line({ service: undefined }), 'the dimension service has no text'],
    ['a dimension that is a number', line({ service: 7 }), 'the dimension service has no text'],
    ['no metric', withDirective({ Metrics: [] }), 'Metrics is no array with members'],
    [
      'a unit that there is not',
      withDirective({ Metrics: [{ Name: 'events', Unit: 'Events' }] }),
      '"Events"',
    ],
    ['a metric without a value', line({ events: undefined }), 'the metric events'],
    ['a value that is a text', line({ events: '5' }), 'a value that is no number'],
    ['too many values', line({ events: Array(101).fill(1) }), 'more than 100'],
    ['no values', line({ events: [] }), 'the metric events is no array with members'],
  ])('is refused with %s', (_, record, reason) => {
    expect(() => embeddedMetrics(JSON.parse(JSON.stringify(record)), NOW_MS)).toThrow(
      expect.objectContaining({ name: 'InvalidMetrics', message: expect.stringContaining(reason) }),
    )
  })
})
