import { describe, expect, it } from 'vitest'
import {
  earliestDate,
  findUnplaced,
  NEW_DRAFT,
  suggestHost,
  toConfig,
  toDraft,
} from '../../../functions/admin/console/model/draft.ts'

const CONFIG = {
  name: 'First',
  description: 'Of the EU',
  category: 'prod',
  fields: { team: 'red', _siemForward: true },
  base_url: 'events.1password.eu',
  supported_apis: ['sign-in'],
  start_time: '2026-11-01T00:00:00Z',
  filters: [{ name: 'No robots' }],
}

describe('the form of a source', () => {
  it('sends what was read, without the first window and the token, if nothing is changed', () => {
    const { start_time: _, ...kept } = CONFIG
    expect(toConfig(toDraft(CONFIG), CONFIG)).toEqual(kept)
  })

  it('leaves out what is empty, also what was set before', () => {
    const draft = {
      ...toDraft(CONFIG),
      description: ' ',
      category: '',
      fields: [{ name: ' ', value: 'x' }],
      isForwarded: false,
    }
    const sent = toConfig(draft, CONFIG)
    expect(sent).not.toHaveProperty('description')
    expect(sent).not.toHaveProperty('category')
    expect(sent.fields).toEqual({})
  })

  it('sends the token and the first day of a new source', () => {
    const draft = { ...NEW_DRAFT, name: ' New ', token: ' secret ', startDate: '2026-11-02' }
    expect(toConfig(draft)).toEqual({
      name: 'New',
      fields: {},
      base_url: 'events.1password.com',
      supported_apis: ['sign-in', 'itemUsage', 'auditEvents'],
      api_token: 'secret',
      start_time: '2026-11-02T00:00:00Z',
    })
  })

  it.each([
    ['acme.1password.eu', 'events.1password.eu'],
    ['https://acme.ent.1password.com/signin', 'events.ent.1password.com'],
    ['events.1password.ca', undefined],
    ['example.com', undefined],
    ['', undefined],
  ])('offers for the address %j the host %s', (typed, host) => {
    expect(suggestHost(typed)).toBe(host)
  })

  it('allows a first day that lies within the days that 1Password keeps', () => {
    const nowMs = Date.parse('2026-11-29T12:00:00Z')
    const earliest = Date.parse(`${earliestDate(nowMs, 120)}T00:00:00Z`)
    expect(nowMs - earliest).toBeLessThan(120 * 86_400_000)
    expect(nowMs - earliest).toBeGreaterThan(119 * 86_400_000 - 1)
  })

  it('shows faults of what is not in the form, too', () => {
    const faults = new Map([
      ['config.fields.team', 'a'],
      ['config.name', 'b'],
      ['config.filters', 'c'],
    ])
    expect(findUnplaced(faults, ['config.name', 'config.fields'])).toEqual(['c'])
  })
})
