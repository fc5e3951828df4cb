import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../infra/local/account/account.ts'
import type { Feature } from '../../../shared/contract/apis.ts'
import {
  clockAt,
  DAY_MS,
  drain,
  FROM_THE_BEGINNING,
  fetchPage,
  type Item,
  NOON,
  startTestAccount,
} from './client.ts'

const FEATURES = ['signinattempts', 'itemusages', 'auditevents'] as const

const everything = (account: Account, feature: Feature): Item[] =>
  [...account.events(feature, '2020-01-01T00:00:00Z')].map(text => JSON.parse(text))

const distinctValues = (items: readonly Item[], member: string): string[] =>
  [...new Set(items.map(item => String(item[member])))].sort()

/** Time and uuid as text that sorts. */
const place = ({ timestamp, uuid }: Item): string => {
  const [wall = '', decimals = ''] = timestamp.slice(0, -1).split('.')
  return `${wall}.${decimals.padEnd(9, '0')} ${uuid}`
}

describe('a history', () => {
  it.each(FEATURES)('of %s is the same after a restart', async feature => {
    const anchorMs = NOON
    const one = await startTestAccount({ anchorMs })
    const other = await startTestAccount({ anchorMs, clock: clockAt(NOON + 1) })
    const another = await startTestAccount({ anchorMs, seed: 'another' })
    const events = [...one.events(feature, '2020-01-01T00:00:00Z')]
    expect(events.length).toBeGreaterThan(150)
    expect([...other.events(feature, '2020-01-01T00:00:00Z')].slice(0, events.length)).toEqual(events)
    expect([...another.events(feature, '2020-01-01T00:00:00Z')]).not.toEqual(events)
  })

  it('keeps its cursors over a restart', async () => {
    const one = await startTestAccount()
    const { cursor } = await fetchPage(one, 'itemusages', { ...FROM_THE_BEGINNING, limit: 30 })
    const other = await startTestAccount()
    expect(await fetchPage(other, 'itemusages', { cursor })).toEqual(
      await fetchPage(one, 'itemusages', { cursor }),
    )
  })

  it('gives the same sequence whatever the limit and wherever it begins', async () => {
    const account = await startTestAccount({ days: 1 })
    const items = everything(account, 'itemusages')
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: DAY_MS }),
        async (limit, back) => {
          const start_time = new Date(NOON - back).toISOString()
          const read = await drain(account, 'itemusages', { limit, start_time })
          expect(read.items).toEqual(items.filter(item => place(item) >= start_time.slice(0, -1)))
        },
      ),
      { numRuns: 25 },
    )
  })

  it('goes back as many days as it was told, from its first start', async () => {
    const account = await startTestAccount({ days: 2, anchorMs: NOON - DAY_MS, eventsPerDay: 5000 })
    const first = everything(account, 'itemusages')[0]?.timestamp ?? ''
    expect(Date.parse(first) - (NOON - 3 * DAY_MS)).toBeGreaterThanOrEqual(0)
    expect(Date.parse(first) - (NOON - 3 * DAY_MS)).toBeLessThan(600_000)
  })

  it('goes on with the clock: each event comes once, and none before its time', async () => {
    const clock = clockAt()
    const account = await startTestAccount({ clock, eventsPerDay: 2000 })
    let { items, cursor } = await drain(account, 'signinattempts', {
      limit: 1000,
      start_time: '2025-11-05T12:00:00Z',
    })
    expect(items).toEqual([])
    const seen: Item[] = []
    for (let tick = 1; tick <= 12; tick += 1) {
      clock.at = NOON + tick * 300_000
      ;({ items, cursor } = await drain(account, 'signinattempts', { cursor }))
      expect(items.every(({ timestamp }) => Date.parse(timestamp) <= clock.at)).toBe(true)
      seen.push(...items)
    }
    expect(seen.length).toBeGreaterThan(60)
    expect(seen).toEqual(
      (await drain(account, 'signinattempts', { limit: 1000, start_time: '2025-11-05T12:00:00Z' })).items,
    )
  })

  it('is empty for a rate of no events a day', async () => {
    const account = await startTestAccount({ eventsPerDay: { itemusages: 0 } })
    expect(everything(account, 'itemusages')).toEqual([])
    expect(everything(account, 'auditevents')).not.toEqual([])
  })

  it('has the wanted number of events, by day rather than by night', async () => {
    const account = await startTestAccount({ days: 28, eventsPerDay: 400 })
    const items = everything(account, 'itemusages')
    expect(items.length / 28).toBeGreaterThan(370)
    expect(items.length / 28).toBeLessThan(430)
    const between = (from: string, to: string) =>
      items.filter(({ timestamp }) => timestamp.slice(11, 13) >= from && timestamp.slice(11, 13) < to).length
    expect(between('13', '18')).toBeGreaterThan(5 * between('00', '05'))
  })
})

const SIGN_IN_TYPES = {
  success: ['credentials_ok', 'federated', 'mfa_ok'],
  credentials_failed: ['password_secret_bad'],
  mfa_failed:
    'code_bad code_disabled code_timeout duo_bad duo_disabled duo_native_bad duo_timeout mfa_missing platform_secret_bad platform_secret_disabled platform_secret_proxy totp_bad totp_disabled totp_timeout u2f_bad u2f_disabled u2f_timeout'.split(
      ' ',
    ),
  sso_failed: ['non_sso_user', 'service_account_sso_denied', 'sso_user_mismatch'],
  modern_version_failed: ['modern_version_missing', 'modern_version_old'],
  firewall_failed: ['all_blocked', 'anonymous_blocked', 'continent_blocked', 'country_blocked', 'ip_blocked'],
  firewall_reported_success: ['anonymous_blocked', 'continent_blocked', 'country_blocked', 'ip_blocked'],
}

const AUDIT_ACTIONS =
  'activate addgsso begin beginr cancel cancelr changeks changela changemp changenm changesk chngasso chngdsso chngpsso complete completr convert create dealldev delete delgsso delshare deolddev detchild disblduo disblmfa disblsso dlgsess dvrfydmn enblduo enblmfa enblsso expire export grant hide join launchi leave musercom muserdec patch propose provsn prsndall purge rdmchild reactive reauth replace resendts revoke role sdvcsso sendpkg sendts share ssotknv suspend tdvcsso trename trevoke trvlaway trvlback tverify uisas unhide unknown unlink updatduo update updatea updatfw updatmfa upguest uvrfydmn verify view vrfydmn'

const AUDIT_OBJECTS =
  'account card cred device dlgdsess ec famchild file gm group gva invite item itemhist items miguser mngdacc pm report sa satoken slackapp sso ssotkn sub template user uva vault vaultkey'

const ITEM_ACTIONS =
  'enter-item-edit-mode export fill other reveal secure-copy select-sso-provider server-create server-fetch server-update share'

describe('within a month of usual activity', () => {
  const usual = { days: 30, eventsPerDay: {} }

  it('every category and type of sign-in occurs, and each type with its own category', async () => {
    const items = everything(await startTestAccount(usual), 'signinattempts')
    const found = Object.fromEntries(
      distinctValues(items, 'category').map(category => [
        category,
        distinctValues(
          items.filter(item => item['category'] === category),
          'type',
        ),
      ]),
    )
    expect(found).toEqual(SIGN_IN_TYPES)
    expect(new Set(Object.values(found).flat()).size).toBe(31)
    for (const { details, type } of items) {
      const firewall = ['ip_blocked', 'country_blocked', 'continent_blocked'].includes(String(type))
      expect(details).toEqual(firewall ? { value: expect.any(String) } : null)
    }
  })

  it('every action on items occurs; old apps send no action', async () => {
    const items = everything(await startTestAccount({ ...usual, eventsPerDay: 300 }), 'itemusages')
    expect(distinctValues(items, 'action')).toEqual(['', ...ITEM_ACTIONS.split(' '), 'undefined'].sort())
    for (const { action, client } of items) {
      const { app_version } = client as { app_version: string }
      expect(['70907001', '20127'].includes(app_version)).toBe(action === undefined)
    }
  })

  it('every audit action and object type occurs, with what belongs to the object', async () => {
    const items = everything(await startTestAccount(usual), 'auditevents')
    expect(distinctValues(items, 'action')).toEqual(AUDIT_ACTIONS.split(' '))
    expect(distinctValues(items, 'object_type')).toEqual(AUDIT_OBJECTS.split(' '))
    for (const item of items) {
      expect('object_details' in item).toBe(item['object_type'] === 'user')
      expect('client' in item).toBe(false)
      if (item['object_type'] === 'gm') expect(item['aux_info']).toMatch(/^[AR]$/)
      const { login_time } = item['session'] as { login_time: string }
      expect(Date.parse(login_time)).toBeLessThanOrEqual(Date.parse(item.timestamp))
    }
  })

  it.each(FEATURES)('%s have all oddities that a reader must be able to read', async feature => {
    const account = await startTestAccount({ ...usual, eventsPerDay: 300 })
    const texts = [...account.events(feature, '2020-01-01T00:00:00Z')]
    const items: Item[] = texts.map(text => JSON.parse(text))
    const decimals = items.map(({ timestamp }) => timestamp.slice(20, -1).length)
    expect([...new Set(decimals)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(items.every(({ uuid }) => /^[A-Z2-7]{26}$/.test(uuid))).toBe(true)
    expect(new Set(items.map(({ uuid }) => uuid)).size).toBe(items.length)
    expect(items.map(place)).toEqual(items.map(place).sort())
    expect(items.some(item => !('location' in item))).toBe(true)
    for (const part of ['é', '漢', '🚲', '\\u00e9', '\\ud83d\\udeb2', '\\u0026', '\\"', '\\\\S']) {
      expect(
        texts.some(text => text.includes(part)),
        part,
      ).toBe(true)
    }
  })

  it('people keep their names, and a session keeps its login time in all streams', async () => {
    const account = await startTestAccount({ ...usual, days: 5, eventsPerDay: 300 })
    const audit = everything(account, 'auditevents')
    const logins = new Map(
      audit.map(({ session }) => Object.values(session as object).slice(0, 2) as [string, string]),
    )
    const again = audit.map(({ session }) => Object.values(session as object).slice(0, 2))
    expect(again.every(([uuid, login]) => logins.get(uuid) === login)).toBe(true)
    const successes = everything(account, 'signinattempts').filter(({ category }) => category === 'success')
    expect(successes.some(({ session_uuid }) => logins.has(String(session_uuid)))).toBe(true)
  })
})

it('takes less than a twentieth of a second for a full page', async () => {
  const account = await startTestAccount({ days: 20, eventsPerDay: 1500 })
  await fetchPage(account, 'itemusages', FROM_THE_BEGINNING)
  // Measures the time of the processor, with the client's share, so that other work on the machine does not count.
  const before = process.cpuUsage()
  const { items, pages } = await drain(account, 'signinattempts', FROM_THE_BEGINNING)
  const { user, system } = process.cpuUsage(before)
  expect(items.length).toBeGreaterThan(25_000)
  expect((user + system) / 1000 / pages.length).toBeLessThan(50)
})
