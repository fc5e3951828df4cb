import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventLines } from '../../../shared/domain/event-line.ts'
import { membersOf } from '../../../shared/domain/json-text.ts'
import { compact, jsonObject } from '../../support/json-tokens.ts'
import { sampleSource } from '../../support/sample-task.ts'

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
  Array.from(membersOf(line, 0), ({ key, value }) => line.slice(key.start, value.end))

describe('lines of events', () => {
  it('are JSON, one for each item in order: the members as received, then _metadata', () => {
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

  it('are none without items', () => {
    expect(linesOf([])).toEqual([''])
  })

  it('name collector, source, category, fields and API', () => {
    const registered = sampleSource({
      collector: { name: 'Söc "1"\n', category: 'op', fields: { team: 'blue', stage: 'test' } },
      source: { name: '1Pass', category: 'op/audit', fields: { team: 'red', _siemForward: true } },
    })
    const [line = ''] = linesOf(['{"uuid":"U"}'], registered)
    expect(JSON.parse(line)).toEqual({
      uuid: 'U',
      _metadata: {
        collector: 'Söc "1"\n',
        source: '1Pass',
        sourceCategory: 'op/audit',
        fields: { team: 'red', stage: 'test', _siemForward: true },
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

  it('win with our _metadata over a member of that name, which stays in the text', () => {
    const [line = ''] = linesOf(['{"_metadata":"theirs"}'])
    expect(line.startsWith('{"_metadata":"theirs",')).toBe(true)
    expect(JSON.parse(line)._metadata.api).toBe('auditEvents')
  })
})
