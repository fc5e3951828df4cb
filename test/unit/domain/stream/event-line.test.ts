import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventLines } from '../../../../shared/domain/stream/event-line.ts'
import { iterateMembers } from '../../../../shared/domain/stream/json-text.ts'
import { compact, jsonObject } from '../../../support/json-tokens.ts'
import { sampleSource } from '../../../support/sample-task.ts'

const linesOf = (items: readonly string[], registered = sampleSource()): string[] =>
  Buffer.from(
    eventLines(
      items.map(json => ({ json })),
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

  it('are no lines if there are no items', () => {
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
    const line = Buffer.from(eventLines([{ json: '{}', ...item }], registered, api)).toString()
    expect(JSON.parse(line)._metadata.fields).toEqual({
      _siemForward: true,
      _siemVendor: '1Password',
      _siemProduct: '1Password',
      _siemFormat: 'JSON',
      _siemParser: '/Parsers/System/1Password/1Password',
      _siemEventID: id,
    })
  })

  it('have our _metadata after a member of that name, which stays in the text', () => {
    const [line = ''] = linesOf(['{"_metadata":"theirs"}'])
    expect(line.startsWith('{"_metadata":"theirs",')).toBe(true)
    expect(JSON.parse(line)._metadata.api).toBe('auditEvents')
  })
})
