import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventLines, withoutMetadata } from '../../../../shared/domain/stream/event-line.ts'
import { parseItem } from '../../../../shared/domain/stream/item.ts'
import { iterateMembers } from '../../../../shared/domain/stream/json-text.ts'
import { compact, jsonObject } from '../../../support/json-tokens.ts'
import { sampleSource } from '../../../support/sample-task.ts'

const linesOf = (items: readonly string[], registered = sampleSource()): string[] =>
  Buffer.from(
    eventLines(
      items.map(json => parseItem(Buffer.from(json))),
      registered,
      'auditEvents',
    ),
  )
    .toString('utf8')
    .split('\n')

/** Raw members of a line: key and value as written. */
const rawMembers = (line: string): string[] =>
  Array.from(iterateMembers(line, 0), ({ key, value }) => line.slice(key.start, value.end))

describe('lines of events', () => {
  it('are JSON, one line for each item in order: the members as received, then _metadata', () => {
    fc.assert(
      fc.property(fc.array(jsonObject, { maxLength: 5 }), objects => {
        const items = objects.map(compact)
        const lines = linesOf(items)
        expect(lines.pop()).toBe('')
        expect(lines).toHaveLength(items.length)
        lines.forEach((line, i) => {
          const members = rawMembers(line)
          const metadata = members.pop() ?? ''
          expect(`{${members.join(',')}}`).toBe(items[i])
          expect(JSON.parse(`{${metadata}}`)).toHaveProperty('_metadata')
          expect(JSON.parse(line)._metadata.source).toBe('1Pass')
        })
      }),
    )
  })

  it('are none if there are no items', () => {
    expect(linesOf([])).toEqual([''])
  })

  it('name collector, source, category, fields and API', () => {
    const registered = sampleSource({
      collector: { name: 'Söc "1"\n', category: 'op', fields: { team: 'blue', stage: 'test' } },
      source: { name: '1Pass', category: 'op/audit', fields: { team: 'red', _siemForward: false } },
      fields: { team: { id: '1', enabled: true }, stage: { id: '2', enabled: true } },
    })
    const [line = ''] = linesOf(['{"uuid":"U"}'], registered)
    expect(JSON.parse(line)).toEqual({
      uuid: 'U',
      _metadata: {
        collector: 'Söc "1"\n',
        source: '1Pass',
        sourceCategory: 'op/audit',
        fields: { team: 'red', stage: 'test', _siemForward: false },
        api: 'auditEvents',
      },
    })
  })

  it.each([
    [{ collector: { category: 'of collector' } }, 'of collector'],
    [{ collector: { category: 'of collector' }, source: { category: 'of source' } }, 'of source'],
    [{}, ''],
  ])('of %j have the category %j', (naming, category) => {
    const [line = ''] = linesOf(['{}'], sampleSource(naming))
    expect(JSON.parse(line)._metadata.sourceCategory).toBe(category)
  })

  it('drop the fields that the schema does not know or has disabled', () => {
    const registered = sampleSource({
      collector: { fields: { team: 'blue', host: 'h' } },
      source: { fields: { stage: 'test', _custom: 'c', _siemDataType: 'of the SIEM' } },
      fields: { team: { id: '1', enabled: true }, host: { id: '2', enabled: false } },
    })
    const [line = ''] = linesOf(['{}'], registered)
    expect(JSON.parse(line)._metadata.fields).toEqual({ team: 'blue', _siemDataType: 'of the SIEM' })
  })

  it.each([
    ['sign-in', { category: 'mfa_failed' }, 'signin-mfa_failed'],
    ['itemUsage', { action: 'secure-copy' }, 'item_usage-secure-copy'],
    ['itemUsage', {}, 'item_usage-none'],
    ['auditEvents', { action: 'join' }, 'audit-join'],
  ] as const)('of %s that are forwarded to the SIEM have its tags: %j', (api, item, id) => {
    const registered = sampleSource({ source: { fields: { _siemForward: true } } })
    const line = Buffer.from(eventLines([{ json: Buffer.from('{}'), ...item }], registered, api)).toString()
    expect(JSON.parse(line)._metadata.fields).toEqual({
      _siemForward: true,
      _siemVendor: '1Password',
      _siemProduct: '1Password',
      _siemFormat: 'JSON',
      _siemParser: '/Parsers/System/1Password/1Password',
      _siemEventID: id,
    })
  })

  it.each([
    ['{"_metadata":"theirs"}', '_metadata_2'],
    ['{"_METADATA":{"api":"x"},"uuid":"U"}', '_metadata_2'],
    ['{"_metad\\u0061ta":1}', '_metadata_2'],
    ['{"_metadata":1,"_Metadata_2":2}', '_metadata_3'],
    ['{"_metadata_2":1}', '_metadata'],
    ['{"details":{"_metadata":1},"text":"_metadata \\u0061"}', '_metadata'],
  ])('of the item %s stay as received and have our metadata as %s', (json, key) => {
    const [line = ''] = linesOf([json])
    expect(line.startsWith(`${json.slice(0, -1)},"${key}":{`)).toBe(true)
    expect(JSON.parse(line)[key].api).toBe('auditEvents')
  })

  it('have no two members that differ only in case, if their items have none', () => {
    const key = fc.oneof(
      fc.constantFrom('_metadata', '_METADATA', '_metadata_2', '_Metadata_3', 'uuid'),
      fc.string({ maxLength: 3 }),
    )
    const keys = fc.uniqueArray(key, { selector: name => name.toLowerCase(), maxLength: 6 })
    fc.assert(
      fc.property(keys, names => {
        const json = `{${names.map(name => `${JSON.stringify(name)}:1`).join(',')}}`
        const [line = ''] = linesOf([json])
        const given = rawMembers(line).map(member => Object.keys(JSON.parse(`{${member}}`))[0]?.toLowerCase())
        expect(new Set(given).size).toBe(names.length + 1)
        expect(line.startsWith(json.slice(0, -1))).toBe(true)
      }),
    )
  })

  it('have one field of those that differ only in case: that of the source', () => {
    const registered = sampleSource({
      collector: { fields: { Team: 'blue', STAGE: 'test', _SiemForward: 'true' } },
      source: { fields: { team: 'red', _siemvendor: 'mine' } },
      fields: { TEAM: { id: '1', enabled: true }, stage: { id: '2', enabled: true } },
    })
    const [line = ''] = linesOf(['{}'], registered)
    expect(JSON.parse(line)._metadata.fields).toEqual({
      team: 'red',
      STAGE: 'test',
      _siemForward: 'true',
      _siemVendor: '1Password',
      _siemProduct: '1Password',
      _siemFormat: 'JSON',
      _siemParser: '/Parsers/System/1Password/1Password',
      _siemEventID: 'audit-none',
    })
  })

  it('are the same whatever order a table returns doubled fields of an older source in', () => {
    const lineWith = (fields: Record<string, string>) =>
      linesOf(['{}'], sampleSource({ source: { fields }, fields: { team: { id: '1', enabled: true } } }))[0]
    expect(lineWith({ Team: 'a', team: 'b' })).toBe(lineWith({ team: 'b', Team: 'a' }))
    expect(lineWith({ Team: 'a', team: 'b' })).toContain('"fields":{"team":"b"}')
  })
})

describe('a line without its metadata', () => {
  it('is the item as received', () => {
    fc.assert(
      fc.property(fc.array(jsonObject, { maxLength: 5 }), objects => {
        const items = objects.map(compact)
        const lines = linesOf(items).filter(line => line !== '')
        expect(lines.map(withoutMetadata)).toEqual(items)
      }),
    )
  })

  it.each([
    '{}',
    '{"_metadata":1}',
    '{"_metadata":{"a":1},"_metadata_2":"x"}',
    '{"\\u005fmetadata":{"_metadata":1}}',
    '{"a":"\\"}_metadata"}',
    '{"a":{"_metadata":{}}}',
  ])('is the item as received: %s', json =>
    expect(linesOf([json]).slice(0, 1).map(withoutMetadata)).toEqual([json]),
  )

  it.each(['{}', '{"a":1}', '', 'x', '[1]', '{"_metadata":{},"a":1}'])(
    'is refused if it has none: %j',
    line => expect(() => withoutMetadata(line)).toThrow(SyntaxError),
  )
})
