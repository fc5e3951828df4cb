import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseScale, stackBars } from '../../../functions/admin/console/model/chart.ts'
import {
  chooseEpisodes,
  type HealthEvent,
  toEpisodes,
} from '../../../functions/admin/console/model/health-events.ts'
import { placeEpisodes } from '../../../functions/admin/console/model/timeline.ts'

describe('a chart', () => {
  it('has a scale with few whole lines that ends at or above the most', () => {
    fc.assert(
      fc.property(fc.nat(1e9), most => {
        const { top, lines } = chooseScale(most)
        expect(top).toBeGreaterThanOrEqual(most)
        expect(lines.every(Number.isInteger)).toBe(true)
        expect(lines.length).toBeLessThanOrEqual(6)
        expect([lines[0], lines.at(-1)]).toEqual([0, top])
      }),
    )
  })

  it('stacks the series of an hour, and draws nothing for nothing', () => {
    expect(
      stackBars(
        [
          [5, 0],
          [10, 5],
        ],
        20,
        100,
      ),
    ).toEqual([
      { series: 0, hour: 0, y: 75, height: 25 },
      { series: 1, hour: 0, y: 25, height: 50 },
      { series: 1, hour: 1, y: 75, height: 25 },
    ])
  })
})

const event = (minute: number, given: Partial<HealthEvent> = {}): HealthEvent => ({
  ...{
    eventId: String(minute),
    eventName: 'X',
    eventTime: `2026-11-29T12:${minute}:00Z`,
    severityLevel: 'Error',
  },
  details: { trackerId: 'X/sign-in', error: 'X', description: 'It is so.' },
  resourceIdentity: { id: '00000000000000FF', name: 'First', collectorName: 'Security' },
  ...given,
})

const healthy = (minute: number): HealthEvent =>
  event(minute, { status: 'Healthy', eventName: 'TrackerHealthy' })

describe('health events', () => {
  it('become episodes, the newest first, each until its own recovery', () => {
    const episodes = toEpisodes([event(10), healthy(20), event(30), healthy(40), event(50)])
    expect(episodes.map(({ id, source, until }) => [id, source, until])).toEqual([
      ['50', 255, undefined],
      ['30', 255, '2026-11-29T12:40:00Z'],
      ['10', 255, '2026-11-29T12:20:00Z'],
    ])
  })

  it('can be filtered by severity, name and whether they are open', () => {
    const all = toEpisodes([event(10), healthy(20), event(30, { severityLevel: 'Warning', eventName: 'Y' })])
    const none = { severity: '', name: '', state: '' }
    expect(chooseEpisodes(all, none)).toHaveLength(2)
    for (const wanted of [{ severity: 'Warning' }, { name: 'Y' }, { state: 'open' }]) {
      expect(chooseEpisodes(all, { ...none, ...wanted }).map(({ id }) => id)).toEqual(['30'])
    }
    expect(chooseEpisodes(all, { ...none, state: 'resolved' }).map(({ id }) => id)).toEqual(['10'])
  })

  it('lie within the time line, and can be seen', () => {
    const span = { fromMs: Date.parse('2026-11-29T12:20:00Z'), toMs: Date.parse('2026-11-29T12:40:00Z') }
    const placed = placeEpisodes(toEpisodes([event(10), healthy(30), event(40)]), span)
    expect(placed.map(({ x, width }) => [x, width])).toEqual([
      [997, 3],
      [0, 500],
    ])
  })
})
