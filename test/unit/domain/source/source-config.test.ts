import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENTS_API_HOSTS } from '../../../../shared/contract/hosts.ts'
import { checkNewCollector } from '../../../../shared/domain/source/collector-config.ts'
import { checkNewSource, checkSourceUpdate } from '../../../../shared/domain/source/source-config.ts'
import { sampleSource } from '../../../support/sample-task.ts'

/** A deployment without destinations beside the lake. */
const NONE = { kinds: [], hosts: [] }

const RULES = { allowedHosts: EVENTS_API_HOSTS, nowMs: Date.UTC(2026, 2, 1) }

const CONFIG = {
  name: '1Pass',
  base_url: 'events.1password.com',
  supported_apis: ['itemUsage', 'sign-in'],
  api_token: 'eyJhbGciOi.token',
}

const sourceWith = (config: object, rest: object = {}) => ({
  schemaRef: { type: '1Password' },
  sourceType: 'Universal',
  config: { ...CONFIG, ...config },
  ...rest,
})

const check = (config: object, rest?: object) => checkNewSource(sourceWith(config, rest), RULES)
const listFields = (checked: { faults?: readonly { field: string }[] }) =>
  checked.faults?.map(fault => fault.field)

describe('checkNewSource', () => {
  it('accepts the example on the page of the original', () => {
    expect(check({ fields: { _siemForward: true } })).toEqual({
      settings: {
        name: '1Pass',
        fields: { _siemForward: true },
        configuredBaseUrl: 'events.1password.com',
        baseUrl: 'https://events.1password.com',
        apis: ['itemUsage', 'sign-in'],
        startTime: '2026-02-28T00:00:00Z',
      },
      token: CONFIG.api_token,
    })
  })

  it('reports every fault at once, each with its field', () => {
    const source = {
      sourceType: 'HTTP',
      schemaRef: { type: 'Okta' },
      config: {
        name: 7,
        description: {},
        category: 'a\nb',
        fields: { a: 1, b: 'x'.repeat(201), _siemForward: 1 },
        base_url: 'http://evil.example',
        api_token: 'two words',
        supported_apis: ['nothing'],
        start_time: 'yesterday',
        polling: 5,
      },
    }
    expect(listFields(checkNewSource(source, RULES))?.sort()).toEqual([
      'config.api_token',
      'config.base_url',
      'config.category',
      'config.description',
      'config.fields._siemForward',
      'config.fields.a',
      'config.fields.b',
      'config.name',
      'config.polling',
      'config.start_time',
      'config.supported_apis[0]',
      'schemaRef.type',
      'sourceType',
    ])
  })

  it('names every required member if there is nothing', () => {
    expect(listFields(checkNewSource({}, RULES))).toEqual(['sourceType', 'schemaRef', 'config'])
    expect(listFields(checkNewSource(sourceWith({}, { config: {} }), RULES))).toEqual([
      'config.name',
      'config.base_url',
      'config.supported_apis',
      'config.api_token',
    ])
  })

  it('ignores other members that clients send with the configuration', () => {
    const rest = { id: 1, state: { state: 'Collecting' }, alive: true, name: 'x', category: 'y' }
    expect(check({}, rest).faults).toBeUndefined()
    expect(check({}, { schemaRef: { type: '1Password', version: '1.0.0' } }).faults).toBeUndefined()
  })

  it.each(['********', '*', '', 'a b', 'tok\nen', 'tökén', 'x'.repeat(8193), 42])(
    'refuses the token %j without repeating it',
    api_token => {
      const { faults } = check({ api_token })
      expect(faults?.map(fault => fault.field)).toEqual(['config.api_token'])
      if (api_token !== '' && api_token !== '*') expect(JSON.stringify(faults)).not.toContain(`${api_token}`)
    },
  )

  it('names the place of settings that stand beside config, at a registration and at an update', () => {
    const outside = {
      description: 'd',
      fields: { _siemForward: true },
      base_url: 'events.1password.com',
      api_token: 'secret-token',
      supported_apis: ['sign-in'],
      start_time: '2026-02-01T00:00:00Z',
    }
    const current = sampleSource({ source: { id: 7 } }).source
    const update = checkSourceUpdate(sourceWith({}, { ...outside, id: 7 }), RULES, current)
    for (const { faults } of [check({}, outside), update]) {
      expect(faults).toEqual(
        Object.keys(outside).map(field => ({
          field,
          message: `belongs in config; give it as config.${field}`,
        })),
      )
    }
    expect(check({}, { description: null, fields: null }).faults).toBeUndefined()
  })

  it('counts a name in characters, and refuses one that is too long with the code that clients know', () => {
    expect(check({ name: '🔑'.repeat(128) }).faults).toBeUndefined()
    expect(check({ name: 'x'.repeat(129) }).faults?.[0]).toEqual({
      field: 'config.name',
      message: 'must be at most 128 characters long',
      code: 'collectors.validation.name.length',
    })
  })

  it.each([' x', 'x ', 'x\ty', '', '\ud800'])('refuses the name %j', name => {
    expect(listFields(check({ name }))).toEqual(['config.name'])
  })

  it('refuses fields beyond their limits', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 'v']))
    expect(check({ fields: many(10) }).faults).toBeUndefined()
    expect(listFields(check({ fields: many(11) }))).toEqual(['config.fields'])
    expect(check({ fields: { ['n'.repeat(255)]: 'v'.repeat(200) } }).faults).toBeUndefined()
    expect(check({ fields: { ['n'.repeat(256)]: 'v' } }).faults).toHaveLength(1)
    expect(check({ fields: { other: true } }).faults).toHaveLength(1)
    expect(check({ fields: ['a'] }).faults).toHaveLength(1)
    expect(check({ fields: JSON.parse('{"__proto__":"x","constructor":"y"}') }).faults).toHaveLength(2)
  })

  it('takes one field of those that differ only in case, and says which other one it is', () => {
    expect(check({ fields: { Team: 'a', stage: 'b' } }).faults).toBeUndefined()
    expect(check({ fields: { Team: 'a', x: '1', team: 'b', TEAM: 'c' } }).faults).toEqual([
      {
        field: 'config.fields.team',
        message: 'differs from the field Team only in case; keep one of the two',
      },
      {
        field: 'config.fields.TEAM',
        message: 'differs from the field Team only in case; keep one of the two',
      },
    ])
    expect(
      checkNewCollector({ collectorType: 'Hosted', name: 'c', fields: { a: '1', A: '2' } }, NONE).faults,
    ).toEqual([{ field: 'fields.A', message: 'differs from the field a only in case; keep one of the two' }])
  })

  it.each([
    ['_siemforward', '_siemForward'],
    ['_SIEMVendor', '_siemVendor'],
    ['_sourcecategory', '_sourceCategory'],
  ])('names the spelling of a field of the service: not %s', (name, spelling) => {
    expect(check({ fields: { [name]: 'x' } }).faults).toEqual([
      { field: `config.fields.${name}`, message: `must be spelt ${spelling}` },
    ])
    expect(check({ fields: { [spelling]: 'x' } }).faults).toBeUndefined()
  })

  it('answers settings or faults, never a throw and never a fault with the token, for anything', () => {
    const config = fc.record(
      Object.fromEntries(
        Object.keys({ ...CONFIG, fields: 0, start_time: 0 }).map(key => [key, fc.anything()]),
      ),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(config, fc.dictionary(fc.string(), fc.anything()), (members, others) => {
        const checked = check({ ...members, ...others, api_token: 'se cret' })
        expect(checked.faults?.length).toBeGreaterThan(0)
        expect(JSON.stringify(checked)).not.toContain('se cret')
      }),
    )
  })
})

describe('checkSourceUpdate', () => {
  const CURRENT = sampleSource({ source: { id: 7, startTime: '2025-01-01T00:00:00Z' } }).source
  const checkUpdate = (config: object, rest: object = { id: 7 }) =>
    checkSourceUpdate(sourceWith(config, rest), RULES, CURRENT)

  it('replaces the whole entity: absent members are unset, except token and start time', () => {
    expect(checkUpdate({ api_token: undefined })).toEqual({
      settings: {
        name: '1Pass',
        fields: {},
        configuredBaseUrl: 'events.1password.com',
        baseUrl: 'https://events.1password.com',
        apis: ['itemUsage', 'sign-in'],
        startTime: CURRENT.startTime,
      },
    })
  })

  it('accepts a token, and takes the mask for no token', () => {
    expect(checkUpdate({ api_token: 'new' })).toMatchObject({ token: 'new' })
    expect(checkUpdate({ api_token: '********' })).not.toHaveProperty('token')
    expect(checkUpdate({ api_token: undefined }).faults).toBeUndefined()
    expect(checkUpdate({ api_token: '' }).faults).toEqual([
      {
        field: 'config.api_token',
        message: 'is empty; give a token, or ******** to keep the present one',
      },
    ])
  })

  it('accepts the start time that the source has, even if it is too old for a new source', () => {
    expect(checkUpdate({ start_time: CURRENT.startTime }).faults).toBeUndefined()
    expect(listFields(checkUpdate({ start_time: '2025-01-02T00:00:00Z' }))).toEqual(['config.start_time'])
  })

  it('reports a wrong id together with all other faults', () => {
    expect(listFields(checkUpdate({ name: '', x: 1 }, { id: 8 }))?.sort()).toEqual([
      'config.name',
      'config.x',
      'id',
    ])
    expect(listFields(checkSourceUpdate({}, RULES, CURRENT))).toEqual([
      'id',
      'sourceType',
      'schemaRef',
      'config',
    ])
  })
})

describe('checkNewCollector', () => {
  it('accepts what Terraform sends and keeps its texts exactly', () => {
    const sent = {
      collectorType: 'Hosted',
      name: 'c',
      description: '',
      category: 'cat/egory',
      timeZone: 'Etc/UTC',
      fields: { team: 'sec' },
      ephemeral: false,
    }
    const { collectorType: _, ephemeral: __, ...settings } = sent
    expect(checkNewCollector(sent, NONE)).toEqual({
      settings: { ...settings, destination: { type: 'lake' } },
    })
  })

  it('reports every fault at once', () => {
    const checked = checkNewCollector(
      { id: 5, collectorType: 'Installable', description: 'x'.repeat(1025) },
      NONE,
    )
    expect(listFields(checked)).toEqual(['collectorType', 'id', 'name', 'description'])
  })
})
