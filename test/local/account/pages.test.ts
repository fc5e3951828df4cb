import { describe, expect, it } from 'vitest'
import { clockAt, DAY_MS, drain, FROM_THE_BEGINNING, fetchPage, NOON, startTestAccount } from './client.ts'

describe('a page', () => {
  it('is never longer than the limit, which the cursor keeps', async () => {
    const { pages } = await drain(await startTestAccount(), 'itemusages', { ...FROM_THE_BEGINNING, limit: 7 })
    expect(pages.length).toBeGreaterThan(20)
    expect(pages.slice(0, -1).every(({ items }) => items.length === 7)).toBe(true)
  })

  it('says exactly whether there is more', async () => {
    const account = await startTestAccount()
    const { items } = await drain(account, 'auditevents', FROM_THE_BEGINNING)
    const all = await fetchPage(account, 'auditevents', { ...FROM_THE_BEGINNING, limit: items.length })
    const allButOne = await fetchPage(account, 'auditevents', {
      ...FROM_THE_BEGINNING,
      limit: items.length - 1,
    })
    expect([all.has_more, allButOne.has_more]).toEqual([false, true])
  })

  it('without events has the cursor that was sent', async () => {
    const account = await startTestAccount()
    const { cursor } = await drain(account, 'auditevents', FROM_THE_BEGINNING)
    expect(await fetchPage(account, 'auditevents', { cursor })).toEqual({
      cursor,
      has_more: false,
      items: [],
    })
  })

  it.each(['signinattempts', 'itemusages', 'auditevents'] as const)(
    'of %s has a cursor as long as a real one, empty or not',
    async feature => {
      const account = await startTestAccount()
      const first = await fetchPage(account, feature, { ...FROM_THE_BEGINNING, limit: 5 })
      const empty = await fetchPage(account, feature, { start_time: new Date(NOON).toISOString() })
      expect([first.items.length, empty.items.length]).toEqual([5, 0])
      expect([first.cursor, empty.cursor]).toEqual([
        expect.stringMatching(/^[\w-]{208}$/),
        expect.stringMatching(/^[\w-]{208}$/),
      ])
    },
  )

  it('is the same however often its cursor is used', async () => {
    const account = await startTestAccount()
    const { cursor } = await fetchPage(account, 'auditevents', { ...FROM_THE_BEGINNING, limit: 5 })
    const once = await fetchPage(account, 'auditevents', { cursor })
    await drain(account, 'auditevents', { cursor })
    expect(await fetchPage(account, 'auditevents', { cursor })).toEqual(once)
  })

  it('of a chain with an end has nothing past the end', async () => {
    const clock = clockAt()
    const account = await startTestAccount({ clock })
    const window = { start_time: '2025-11-05T08:00:00Z', end_time: '2025-11-05T12:00:00Z' }
    const { cursor } = await drain(account, 'itemusages', window)
    clock.at += DAY_MS
    expect((await fetchPage(account, 'itemusages', { cursor })).items).toEqual([])
  })

  it.each(['signinattempts', 'itemusages', 'auditevents'] as const)(
    'of v1 has the %s of v2 without the members that v2 added',
    async feature => {
      const account = await startTestAccount()
      const v1 = await drain(account, feature, FROM_THE_BEGINNING, { version: 1 })
      const v2 = await drain(account, feature, FROM_THE_BEGINNING)
      const added = /"(account_uuid|actor_type|actor_account_uuid|user_type|user_account_uuid)":"[^"]*",?/g
      const reduced = JSON.stringify(v2.items).replace(added, '').replaceAll(',}', '}')
      expect(JSON.stringify(v2.items)).not.toBe(reduced)
      expect(JSON.stringify(v1.items)).toBe(reduced)
    },
  )
})
