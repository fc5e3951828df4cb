import { describe, expect, it } from 'vitest'
import { EVENTS_API_HOSTS } from '../../../../shared/contract/hosts.ts'
import { checkNewSource } from '../../../../shared/domain/source/source-config.ts'
import { compile } from '../../../support/rules.ts'

const RULES = { allowedHosts: EVENTS_API_HOSTS, nowMs: Date.UTC(2026, 2, 1), compile }

const checked = (filters: unknown) =>
  checkNewSource(
    {
      schemaRef: { type: '1Password' },
      sourceType: 'Universal',
      config: {
        name: '1Pass',
        base_url: 'events.1password.com',
        supported_apis: ['sign-in'],
        api_token: 'eyJhbGciOi.token',
        filters,
      },
    },
    RULES,
  )

const faultsOf = (filters: unknown): string[] =>
  checked(filters).faults?.map(({ field, message }) => `${field} ${message}`) ?? []

const RULE = { filterType: 'Exclude', name: 'No guests', regexp: '.*guest.*' }
const MASK = { filterType: 'Mask', name: 'Addresses', regexp: '"ip_address":"([^"]*)"' }

/** Faults of one rule, without the beginning that all of them share. */
const faultsOfRule = (change: object, rule: object = RULE): string[] =>
  faultsOf([{ ...rule, ...change }]).map(fault => fault.replace('config.filters[0].', ''))

describe('processing rules', () => {
  it('are kept as they were sent, in their order', () => {
    const filters = [MASK, { ...MASK, name: 'Mails', mask: 'hidden' }, RULE]
    expect(checked(filters)).toMatchObject({ settings: { filters } })
  })

  it('may be left out, null, or none', () => {
    expect(checked(undefined)).not.toHaveProperty('settings.filters')
    expect(checked(null)).not.toHaveProperty('settings.filters')
    expect(checked([])).toHaveProperty('settings.filters', [])
  })

  it('may leave out the mask, or send null or nothing for it', () => {
    for (const mask of [undefined, null, ''])
      for (const rule of [RULE, MASK]) {
        const kept = checked([{ ...rule, mask }])
        expect(kept).toHaveProperty('settings.filters', [rule])
      }
  })

  it.each([
    ['x', 'config.filters must be a list of processing rules'],
    [{}, 'config.filters must be a list of processing rules'],
    [[1], 'config.filters[0] must be a JSON object with filterType, name, regexp, mask'],
    [[RULE, null], 'config.filters[1] must be a JSON object with filterType, name, regexp, mask'],
  ])('refuse %j', (filters, fault) => {
    expect(faultsOf(filters)).toEqual([fault])
  })

  it('name the rule and all that is wrong with it', () => {
    expect(faultsOf([RULE, { filterType: 'Drop', name: 'Second', regexp: '(', mask: 7 }])).toEqual([
      'config.filters[1].filterType of the rule "Second" must be one of Exclude, Include, Mask, Hash',
      'config.filters[1].regexp of the rule "Second" cannot be compiled: missing closing ); use the syntax of RE2, which has no back-references and no look-around',
      'config.filters[1].mask of the rule "Second" must be a string',
    ])
  })

  it('say what to do instead of Forward', () => {
    expect(faultsOfRule({ filterType: 'Forward' })).toEqual([
      'filterType of the rule "No guests" cannot be Forward; all events go to the destination of the collector',
    ])
  })

  it('refuse members that have no meaning', () => {
    expect(faultsOfRule({ regex: 'x' })).toEqual([
      'regex is not known; remove it (known are filterType, name, regexp, mask)',
    ])
  })

  it('refuse a mask for another rule than Mask', () => {
    expect(faultsOfRule({ mask: 'x' })).toEqual(['mask of the rule "No guests" is only for Mask; remove it'])
  })

  it('refuse two rules with one name', () => {
    expect(faultsOf([RULE, { ...MASK, name: RULE.name }])).toEqual([
      'config.filters[1].name "No guests" is the name of another rule; rename one of them',
    ])
  })

  it.each([
    [undefined, 'is required'],
    ['', 'is required'],
    [7, 'must be a string'],
    ['a\nb', 'must be without control characters and line breaks'],
    [' a', 'must be without white space at its beginning and end'],
    ['\ud800', 'must be well-formed Unicode (no lone surrogates)'],
    ['x'.repeat(33), 'must be at most 32 characters long'],
  ])('refuse the name %j', (name, fault) => {
    expect(faultsOfRule({ name })).toEqual([`name ${fault}`])
  })

  it.each([
    [undefined, 'is required'],
    [7, 'must be a string'],
    ['x'.repeat(1001), 'must be at most 1000 characters long'],
    ['(a)\\1', 'cannot be compiled: invalid escape sequence'],
    ['(?=a)', 'cannot be compiled: invalid or unsupported Perl syntax'],
    ['(?<!a)b', 'cannot be compiled: invalid named capture'],
    ['(?>a)', 'cannot be compiled: invalid or unsupported Perl syntax'],
    ['a{1001}', 'cannot be compiled: invalid repeat count'],
    ['(?:x{1,1000}){1,1000}', 'cannot be compiled: expression too large'],
    ['[z-a]', 'cannot be compiled: invalid character class range'],
  ])('refuse the expression %j', (regexp, fault) => {
    const [only, ...others] = faultsOfRule({ regexp })
    expect(only).toContain(`regexp of the rule "No guests" ${fault}`)
    expect(others).toEqual([])
  })

  it.each(['Mask', 'Hash'])('refuse %s without a capture group', filterType => {
    for (const regexp of ['abc', '(?:abc)', '\\(abc\\)'])
      expect(faultsOfRule({ filterType, regexp })).toEqual([
        `regexp of the rule "No guests" must have a capture group, ( ), around what ${filterType} replaces`,
      ])
    expect(faultsOfRule({ filterType, regexp: '(?P<name>abc)' })).toEqual([])
  })

  it('do not show what stands in the place of a name, a type or an expression', () => {
    const secret = 'eyJhbGciOiJFUzI1NiJ9.s3cr3t-T0ken.signature'
    const wrong = { filterType: secret, name: secret, regexp: `${secret}(`, mask: [secret] }
    expect(faultsOf([wrong]).join()).not.toContain('s3cr3t')
  })
})

describe('the limits of processing rules', () => {
  const many = (count: number, rule: object = RULE) =>
    Array.from({ length: count }, (_, i) => ({ ...rule, name: `rule ${i}` }))

  it('are 20 rules', () => {
    expect(faultsOf(many(19))).toEqual([])
    expect(faultsOf(many(20))).toEqual([])
    expect(faultsOf(many(23))).toEqual(['config.filters must be at most 20 rules; remove 3'])
  })

  it('are 32 characters of a name, 1,000 of an expression and 128 of a mask', () => {
    const name = '😀'.repeat(32)
    expect(faultsOfRule({ name })).toEqual([])
    expect(faultsOfRule({ name: `${name}x` })).toHaveLength(1)
    const regexp = `[${'x'.repeat(998)}]`
    expect(faultsOfRule({ regexp })).toEqual([])
    expect(faultsOfRule({ regexp: `${regexp}x` })).toHaveLength(1)
    expect(faultsOfRule({ mask: 'x'.repeat(128) }, MASK)).toEqual([])
    expect(faultsOfRule({ mask: 'x'.repeat(129) }, MASK)).toEqual([
      'mask of the rule "Addresses" must be at most 128 characters long',
    ])
  })

  it('are 500 steps of an expression', () => {
    const steps = (regexp: string): number => {
      const compiled = compile(regexp)
      return 'fault' in compiled ? 0 : compiled.steps
    }
    const [below, at, above] = [497, 498, 499].map(count => `x{${count}}`)
    expect([below, at, above].map(regexp => steps(String(regexp)))).toEqual([499, 500, 501])
    expect(faultsOfRule({ regexp: below })).toEqual([])
    expect(faultsOfRule({ regexp: at })).toEqual([])
    expect(faultsOfRule({ regexp: above })).toEqual([
      'regexp of the rule "No guests" takes 501 steps for each character, and at most 500 are allowed; repeat less',
    ])
  })

  it('are 2,000 steps of all expressions together', () => {
    const rules = many(4, { ...RULE, regexp: 'x{498}' })
    expect(faultsOf(rules)).toEqual([])
    expect(faultsOf([...rules, RULE])[0]).toMatch(
      /^config\.filters take 20\d\d steps for each character together, and at most 2000 are allowed; use fewer or simpler rules$/,
    )
  })
})
