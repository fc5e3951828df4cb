import { describe, expect, it } from 'vitest'
import { clockAt, drain, fetchPage, NOON, startTestAccount } from './client.ts'

const MINUTE_MS = 60_000

describe('late events', () => {
  const START = { limit: 1000, start_time: '2025-11-05T12:00:00Z' }
  const busy = { eventsPerDay: 3000, anchorMs: NOON }
  const MORE_THAN_AN_HOUR = 75

  /** Polls every five minutes; late events happen in the first half hour. */
  async function poll(mode: 'late' | 'late-behind') {
    const clock = clockAt()
    const account = await startTestAccount({ clock, ...busy })
    account.setMode(mode, { lateMinutes: 20 })
    const seen = [...(await drain(account, 'itemusages', START)).items]
    let { cursor } = await fetchPage(account, 'itemusages', START)
    for (let minute = 5; minute <= MORE_THAN_AN_HOUR; minute += 5) {
      clock.at = NOON + minute * MINUTE_MS
      if (minute === 30) account.setMode('ok')
      const { items, cursor: next } = await drain(account, 'itemusages', { cursor })
      seen.push(...items)
      cursor = next
    }
    const onTime = await startTestAccount({ ...busy, clock })
    const all = (await drain(onTime, 'itemusages', START)).items
    return { account, clock, seen, all }
  }

  const uuids = (items: readonly { uuid: string }[]) => items.map(({ uuid }) => uuid).sort()

  it('are returned by the cursor after newer ones, and none is lost', async () => {
    const { seen, all } = await poll('late')
    expect(uuids(seen)).toEqual(uuids(all))
    const late = seen.filter(({ timestamp }, at) =>
      seen.slice(0, at).some(earlier => Date.parse(earlier.timestamp) > Date.parse(timestamp)),
    )
    expect(late.length).toBeGreaterThan(2)
    expect(late.length).toBeLessThan(seen.length / 4)
    expect(late.every(({ timestamp }) => Date.parse(timestamp) < NOON + 30 * MINUTE_MS)).toBe(true)
  })

  it('behind the cursor are found only by a new reset cursor', async () => {
    const { account, seen, all } = await poll('late-behind')
    const missed = uuids(all).filter(uuid => !seen.some(event => event.uuid === uuid))
    expect(missed.length).toBeGreaterThan(2)
    expect(missed.every(uuid => /^[ABC]/.test(uuid))).toBe(true)
    expect((await drain(account, 'itemusages', START)).items).toEqual(all)
  })

  it('are not visible before they arrive, whatever the request', async () => {
    const clock = clockAt()
    const account = await startTestAccount({ clock, ...busy })
    account.setMode('late', { feature: 'itemusages', lateMinutes: 20 })
    clock.at = NOON + 15 * MINUTE_MS
    const early = (await drain(account, 'itemusages', START)).items
    expect(early.length).toBeGreaterThan(10)
    expect(early.some(({ uuid }) => /^[ABC]/.test(uuid))).toBe(false)
    const others = (await drain(account, 'signinattempts', START)).items
    expect(others.some(({ uuid }) => /^[ABC]/.test(uuid))).toBe(true)
  })

  it('page by page are the same as all at once', async () => {
    const clock = clockAt()
    const account = await startTestAccount({ clock, ...busy })
    account.setMode('late', { lateMinutes: 20 })
    clock.at = NOON + 90 * MINUTE_MS
    const whole = (await drain(account, 'itemusages', START)).items
    expect((await drain(account, 'itemusages', { ...START, limit: 3 })).items).toEqual(whole)
    const end = { ...START, end_time: '2025-11-05T12:30:00Z' }
    expect((await drain(account, 'itemusages', { ...end, limit: 2 })).items).toEqual(
      whole.filter(({ timestamp }) => timestamp < '2025-11-05T12:30:00'),
    )
  })
})
