import { describe, expect, it } from 'vitest'
import { EVENTS_API_HOSTS } from '../../../../shared/contract/hosts.ts'
import { checkNewSource } from '../../../../shared/domain/source/source-config.ts'

const RULES = { allowedHosts: EVENTS_API_HOSTS, nowMs: Date.UTC(2026, 2, 1) }

/** Checks a source with these settings in the place of right ones. */
const check = (config: object) =>
  checkNewSource(
    {
      schemaRef: { type: '1Password' },
      sourceType: 'Universal',
      config: {
        name: '1Pass',
        base_url: 'events.1password.com',
        supported_apis: ['itemUsage', 'sign-in'],
        api_token: 'eyJhbGciOi.token',
        ...config,
      },
    },
    RULES,
  )

const listFields = (checked: { faults?: readonly { field: string }[] }) =>
  checked.faults?.map(fault => fault.field)

describe('a setting of a source at its limits', () => {
  it.each([
    ['', 'must have a name of 1 to 255 characters'],
    ['n'.repeat(256), 'must have a name of 1 to 255 characters'],
    [`${'🔑'.repeat(225)}n`, 'must have a name of at most 900 bytes in UTF-8'],
    ['constructor', 'has a reserved name; choose another'],
    ['a\ud800', 'must have a name of well-formed Unicode'],
    [' a', 'must be without white space at its beginning and end'],
  ])('says what is wrong with the name of a field: %j', (name, message) => {
    expect(check({ fields: { [name]: 'v' } }).faults?.map(fault => fault.message)).toEqual([message])
  })

  it('takes a name of a field of exactly 900 bytes', () => {
    expect(check({ fields: { ['🔑'.repeat(225)]: 'v' } }).faults).toBeUndefined()
  })

  it.each([
    [{ a: 1 }, 'must be a string'],
    [{ _siemForward: 1 }, 'must be true or false'],
    [{ a: 'v'.repeat(201) }, 'must be at most 200 characters long'],
    [{ a: '\ud800' }, 'must be well-formed Unicode (no lone surrogates)'],
  ])('says what is wrong with the value of a field: %j', (fields, message) => {
    expect(check({ fields }).faults?.map(fault => fault.message)).toEqual([message])
  })

  it('says how many fields there are too many', () => {
    const fields = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`f${i}`, 'v']))
    expect(check({ fields }).faults).toEqual([
      { field: 'config.fields', message: 'must be at most 10; remove 3' },
    ])
  })

  it.each([
    [64, 0],
    [65, 1],
  ])('shows an unknown name of %i characters, and cuts %i of them', (length, cut) => {
    const name = 'n'.repeat(length)
    const shown = cut > 0 ? `${'n'.repeat(64)}…` : name
    expect(listFields(check({ [name]: 1 }))).toEqual([`config.${shown}`])
  })

  it.each([
    [20, 20],
    [21, 21],
    [25, 21],
  ])('names 20 of %i unknown members and counts the rest: %i faults', (count, faults) => {
    const unknown = Object.fromEntries(Array.from({ length: count }, (_, i) => [`u${i}`, 1]))
    const found = check(unknown).faults ?? []
    expect(found).toHaveLength(faults)
    expect(found.filter(({ field }) => field === 'config.*').map(({ message }) => message)).toEqual(
      count > 20 ? [`${count - 20} more members are not known; remove them`] : [],
    )
  })

  it.each([
    [{ base_url: undefined }, /^is required: a host or/],
    [{ base_url: 7 }, /^must be a string: a host or/],
    [{ supported_apis: undefined }, /^is required: a list of sign-in/],
    [{ supported_apis: 'sign-in' }, /^must be a list of at least one of sign-in/],
    [{ api_token: undefined }, /^is required: the token/],
    [{ api_token: '' }, /^is required: the token/],
    [{ api_token: 42 }, /^must be a string$/],
    [{ name: undefined }, /^is required$/],
    [{ name: '' }, /^is required$/],
    [{ name: 7 }, /^must be a string$/],
  ])(
    'says of a member that is missing that it is required, and of a wrong one what it must be: %j',
    (config, message) => {
      expect(check(config).faults?.map(fault => fault.message)).toEqual([expect.stringMatching(message)])
    },
  )

  it('takes a token of exactly 8192 characters', () => {
    expect(check({ api_token: 'x'.repeat(8192) }).faults).toBeUndefined()
  })
})
