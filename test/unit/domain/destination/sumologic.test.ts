import { describe, expect, it } from 'vitest'
import {
  findSumoLogicFault,
  findUnsendableField,
  sumoLogicHeaders,
} from '../../../../shared/domain/destination/sumologic.ts'
import { describedSource } from '../../../contract/destination-contract.ts'

describe('the headers for Sumo Logic', () => {
  it('are name, host, category and fields of source and collector', () => {
    expect(sumoLogicHeaders(describedSource())).toEqual({
      'x-sumo-name': '1Pass',
      'x-sumo-host': 'events.1password.com',
      'x-sumo-category': 'onepassword',
      'x-sumo-fields': 'team=blue',
    })
  })

  it('are those of the source where it has its own', () => {
    const described = describedSource({}, { category: 'own', fields: { team: 'red' } })
    expect(sumoLogicHeaders(described)).toMatchObject({
      'x-sumo-category': 'own',
      'x-sumo-fields': 'team=red',
    })
  })

  it('leave out what nobody has set, and a field that is not enabled', () => {
    const described = describedSource({ category: '', fields: { hidden: 'x' } })
    expect(Object.keys(sumoLogicHeaders(described))).toEqual(['x-sumo-name', 'x-sumo-host'])
  })

  it.each([true, 'true'])('name the SIEM fields with _siemForward %j', _siemForward => {
    const { 'x-sumo-fields': fields } = sumoLogicHeaders(describedSource({ fields: { _siemForward } }))
    expect(fields?.split(',')).toEqual([
      '_siemForward=true',
      '_siemVendor=1Password',
      '_siemProduct=1Password',
      '_siemFormat=JSON',
      '_siemParser=/Parsers/System/1Password/1Password',
    ])
  })

  it.each([false, 'false'])('name none of them with _siemForward %j', _siemForward => {
    const headers = sumoLogicHeaders(describedSource({ fields: { _siemForward } }))
    expect(headers['x-sumo-fields']).toBe('_siemForward=false')
  })

  it('are the bytes of UTF-8, as curl sends them', () => {
    const headers = sumoLogicHeaders(describedSource({ category: 'büro/漢字' }))
    expect(Buffer.from(headers['x-sumo-category'] ?? '', 'latin1').toString('utf8')).toBe('büro/漢字')
  })
})

describe('a field for Sumo Logic', () => {
  it.each(['blue', 'a b', '', 'ü😀', 'a:b;c', true])('may be %j', value =>
    expect(findSumoLogicFault('team', value)).toBeUndefined(),
  )
  it.each(['a,b', 'a=b', 'a\nb', 'a\tb', '\u0000'])('may not be %j', value =>
    expect(findSumoLogicFault('team', value)).toMatch(/comma/),
  )
  it.each(['a,b', 'a=b', 'a\rb'])('may not be called %j', name =>
    expect(findSumoLogicFault(name, 'x')).toMatch(/name without comma/),
  )

  it('of an older collector that cannot be sent is named, and not left out in silence', () => {
    expect(findUnsendableField(describedSource())).toBeUndefined()
    expect(findUnsendableField(describedSource({ fields: { team: 'a,b' } }))).toMatch(/the field team holds/)
  })

  it.each([
    [29, undefined],
    [30, undefined],
    [31, 'there are more than 30 fields'],
  ])('is one of at most 30: %i', (count, fault) => {
    const names = Array.from({ length: count }, (_, i) => `f${i}`)
    const enabled = Object.fromEntries(names.map(name => [name, { id: name, enabled: true }]))
    const described = describedSource({ fields: Object.fromEntries(names.map(name => [name, 'x'])) })
    const fieldSchema = { schema: 1, version: 1, fields: enabled } as const
    expect(findUnsendableField({ ...described, fieldSchema })).toBe(fault)
  })
})
