import { describe, expect, it } from 'vitest'
import { apiHealth, findFindings, sourceHealth } from '../../../functions/admin/console/model/health.ts'
import { api, error, NOW, retry, source } from './collected.ts'

const warning = { kind: 'TokenExpiry', since: NOW, title: 'Expires', description: 'Issue a new one.' }

describe('the health of an API', () => {
  it.each([
    ['healthy', {}],
    ['starting', { state: 'Initialized' }],
    ['warning', { warnings: [warning] }],
    ['silent', { noWordSince: NOW, warnings: [warning] }],
    ['retrying', { state: 'Error', error, retry }],
    ['failed', { state: 'Error', error, retry: { since: NOW, attempts: 9, gaveUp: NOW, deadline: NOW } }],
    ['failed', { state: 'Error', error }],
    ['stopping', { state: 'Stopping', noWordSince: NOW }],
  ] as const)('is %s with %j', (health, given) => {
    expect(apiHealth(api(given))).toBe(health)
  })

  it('is that of the worst API for a source, unless that is being deleted', () => {
    const apis = [api(), api({ warnings: [warning] }), api({ state: 'Error', error })]
    expect(sourceHealth(source({ apis }))).toBe('failed')
    expect(sourceHealth(source({ apis: apis.slice(0, 2) }))).toBe('warning')
    expect(sourceHealth(source({ apis, state: { state: 'Stopping' } }))).toBe('stopping')
  })
})

describe('what is wrong with a source', () => {
  it('is nothing while it is healthy', () => {
    expect(findFindings(source())).toEqual([])
  })

  it('comes with since when, what to do and the code, the worst first', () => {
    const failed = api({ state: 'Error', since: NOW, error, advice: 'Mend it.' })
    const found = findFindings(source({ apis: [api({ api: 'itemUsage', warnings: [warning] }), failed] }))
    expect(found).toMatchObject([
      { health: 'failed', apis: ['sign-in'], since: NOW, info: error.info, advice: 'Mend it.', code: 401 },
      { health: 'warning', apis: ['itemUsage'], since: NOW, info: warning.description },
    ])
  })

  it('is said once if several APIs have it, since the first had it', () => {
    const failed = (name: string, since: string) => api({ api: name, state: 'Error', since, error })
    const apis = [failed('sign-in', '2026-11-29T12:20:00Z'), failed('itemUsage', '2026-11-29T12:10:00Z')]
    expect(findFindings(source({ apis }))).toMatchObject([
      { apis: ['sign-in', 'itemUsage'], since: '2026-11-29T12:10:00Z' },
    ])
  })
})
