import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENTS_API_HOSTS } from '../../../../shared/contract/hosts.ts'
import { checkNewSource, checkSourceUpdate } from '../../../../shared/domain/source/source-config.ts'
import { sampleSource } from '../../../support/sample-task.ts'

const RULES = { allowedHosts: EVENTS_API_HOSTS, nowMs: Date.UTC(2026, 2, 1) }

const sourceWith = (config: object, rest: object = {}) => ({
  schemaRef: { type: '1Password' },
  sourceType: 'Universal',
  config: {
    name: '1Pass',
    base_url: 'events.1password.com',
    supported_apis: ['sign-in'],
    api_token: 'eyJhbGciOi.token',
    ...config,
  },
  ...rest,
})

const check = (config: object) => checkNewSource(sourceWith(config), RULES)

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOltdfQ.c2ln-_'

describe('the base URL of a source', () => {
  it.each([' events.1password.eu', 'https://events.1password.eu\n', '\t events.1password.eu/ \u00a0'])(
    'takes the base URL %j without the white space around it',
    base_url => {
      const { settings } = check({ base_url }) as { settings: { configuredBaseUrl: string; baseUrl: string } }
      expect(settings.baseUrl).toBe('https://events.1password.eu')
      expect(settings.configuredBaseUrl).toBe(base_url.trim())
    },
  )

  it.each([
    ['acme.1password.eu', /^must be the host of the Events API; .* sign in .* is events\.1password\.eu$/],
    [' https://acme.ent.1password.com/signin ', /sign in .* is events\.ent\.1password\.com$/],
    ['https://my.1password.com/', /sign in .* is events\.1password\.com$/],
    ['1password.ca', /sign in .* is events\.1password\.ca$/],
    ['https://events.1password.eu/api/v2', /^must be the host alone: events\.1password\.eu$/],
    ['http://events.1password.com', /^must be the host alone: events\.1password\.com$/],
    ['evil.example', /^must be a host or https:\/\/host without path, one of events\.1password\.com, /],
    ['https://x:y@acme.1password.eu', /^must be a host or https:\/\/host without path/],
    [' ', /^must be a host or https:\/\/host without path/],
  ])('refuses the base URL %j and names the one to give', (base_url, message) => {
    expect(check({ base_url }).faults).toEqual([
      { field: 'config.base_url', message: expect.stringMatching(message) },
    ])
  })

  it('does what the text about a sign-in address says', () => {
    const [fault] = check({ base_url: 'https://acme.ent.1password.com/signin' }).faults ?? []
    const [base_url] = /\S+$/.exec(fault?.message ?? '') ?? []
    expect(check({ base_url }).faults).toBeUndefined()
  })
})

describe('the token of a source', () => {
  it.each([
    ['ops_eyJzaWduSW5BZGRyZXNzIjoibXkuMXBhc3N3b3JkLmNvbSJ9', /service account .* Events Reporting$/],
    ['op://Private/Events API/credential', /secret reference .*`op read`/],
    ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:events-AbCdEf', /ARN of a secret/],
    [`\${var.api_token}`, /placeholder/],
    [`\${OP_EVENTS_TOKEN}`, /placeholder/],
    ['$(op read x)', /placeholder/],
    ['$TOKEN', /placeholder/],
    ['%TOKEN%', /placeholder/],
    ['{{ token }}', /placeholder/],
    ['{{resolve:secretsmanager:events:SecretString:token}}', /placeholder/],
    ['<token>', /placeholder/],
    [`Bearer ${JWT}`, /Bearer/],
    [`"${JWT}"`, /quotation marks/],
    [`'${JWT}'`, /quotation marks/],
    [`“${JWT}”`, /quotation marks/],
    [`"${JWT}`, /quotation marks/],
    [` "${JWT}"\n`, /quotation marks/],
    [`{"api_token":"${JWT}"}`, /is JSON/],
    [`["${JWT}"]`, /is JSON/],
    [`${JWT}\n`, /printable ASCII without spaces and line breaks/],
  ])('says of the token %j what it is, at a registration and at an update', (api_token, message) => {
    const current = sampleSource({ source: { id: 7 } }).source
    const update = checkSourceUpdate(sourceWith({ api_token }, { id: 7 }), RULES, current)
    for (const { faults } of [check({ api_token }), update]) {
      expect(faults).toEqual([{ field: 'config.api_token', message: expect.stringMatching(message) }])
      expect(JSON.stringify(faults)).not.toContain(JWT)
    }
  })

  it.each([JWT, 'opsec', 'op-token', 'a$b', 'bearer', '1$', 'x{}'])('takes the token %j', api_token => {
    expect(check({ api_token })).toMatchObject({ token: api_token })
  })

  it('takes every JSON Web Token', () => {
    const part = fc.base64String({ minLength: 4 }).map(text => text.replace(/\+/g, '-').replace(/\//g, '_'))
    const unpadded = part.map(text => text.replace(/=/g, ''))
    fc.assert(
      fc.property(unpadded, unpadded, unpadded, (...parts) => {
        expect(check({ api_token: `eyJ${parts.join('.')}` }).faults).toBeUndefined()
      }),
    )
  })
})
