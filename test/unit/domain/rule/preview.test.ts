import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { previewRules } from '../../../../shared/domain/rule/preview.ts'
import type { ProcessingRule } from '../../../../shared/domain/source/source.ts'
import { compile, rule } from '../../../support/rules.ts'

const EVENT = {
  uuid: 'E1',
  category: 'success',
  user: { name: 'Wendy "W" Ash', email: 'wendy@example.com', age: 41, admin: true, none: null },
  ips: ['192.0.2.1', '192.0.2.254'],
}

const preview = (rules: readonly ProcessingRule[], event: unknown = EVENT) =>
  previewRules(compile, rules, typeof event === 'string' ? event : JSON.stringify(event))

/** What the rules leave of the event. */
function changed(rules: readonly ProcessingRule[], event: unknown = EVENT): unknown {
  const shown = preview(rules, event)
  if (shown.outcome !== 'changed') throw new Error(shown.outcome)
  return JSON.parse(shown.text)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('Include and Exclude', () => {
  it('must match the whole event', () => {
    expect(preview([rule('Exclude', 'success')]).outcome).toBe('kept')
    expect(preview([rule('Exclude', '.*success.*')])).toEqual({
      outcome: 'dropped',
      by: 'Exclude .*success.*',
    })
    expect(preview([rule('Include', 'success')]).outcome).toBe('dropped')
    expect(preview([rule('Include', '.*success.*')]).outcome).toBe('kept')
  })

  it('keeps what one of several Include rules matches', () => {
    const rules = [rule('Include', '.*firewall.*'), rule('Include', '.*success.*')]
    expect(preview(rules).outcome).toBe('kept')
    expect(preview(rules, { category: 'mfa' }).outcome).toBe('dropped')
  })

  it('drops what an Include and an Exclude rule match, in whatever order they stand', () => {
    const rules = [rule('Include', '.*success.*'), rule('Exclude', '.*wendy.*')]
    expect(preview(rules)).toEqual({ outcome: 'dropped', by: 'Exclude .*wendy.*' })
    expect(preview(rules.toReversed())).toEqual({ outcome: 'dropped', by: 'Exclude .*wendy.*' })
  })

  it('see the event before anything is masked', () => {
    const rules = [rule('Mask', '(wendy)'), rule('Include', '.*wendy.*')]
    expect(preview(rules).outcome).toBe('changed')
  })
})

describe('Mask', () => {
  it('replaces what each capture group holds, wherever it occurs', () => {
    expect(changed([rule('Mask', '(\\d+)\\.0\\.2\\.(\\d+)', { mask: 'X' })])).toEqual({
      ...EVENT,
      ips: ['X.0.2.X', 'X.0.2.X'],
    })
  })

  it('puts # in the place of what it masks, unless it has another text', () => {
    expect(changed([rule('Mask', '"email":"([^"]*)"')])).toMatchObject({ user: { email: '#' } })
    expect(changed([rule('Mask', '"email":"([^"]*)"', { mask: '' })])).toMatchObject({ user: { email: '#' } })
    expect(changed([rule('Mask', '"email":"([^"]*)"', { mask: '"\\$1\n' })])).toMatchObject({
      user: { email: '"\\$1\n' },
    })
  })

  it('turns a number, a boolean or null into a text, as a whole', () => {
    const rules = [rule('Mask', '"age":(\\d)'), rule('Mask', '"admin":t(r)ue'), rule('Mask', '"none":(null)')]
    expect(changed(rules)).toEqual({ ...EVENT, user: { ...EVENT.user, age: '#', admin: '#', none: '#' } })
  })

  it('masks everything between quotes that an expression captures too greedily, and leaves valid JSON', () => {
    expect(changed([rule('Mask', '"email":"(.*)"')])).toEqual({
      ...EVENT,
      user: {
        ...EVENT.user,
        email: '#',
        '#': '#',
        '#_2': '#',
        '#_3': '#',
        age: undefined,
        admin: undefined,
        none: undefined,
      },
      ips: undefined,
      '#': ['#', '#'],
    })
  })

  it('masks keys, and two that are masked alike stay two', () => {
    const event = { secrets: { 'key-1': 1, 'key-2': 2, '#': 3 } }
    expect(changed([rule('Mask', '(key-\\d)')], event)).toEqual({ secrets: { '#_2': 1, '#_3': 2, '#': 3 } })
  })

  it('finds what is written with escapes', () => {
    const event = '{"email":"wendy\\u0040example.com","path":"a\\/b","other":"\\u0041"}'
    expect(changed([rule('Mask', '(wendy@example)'), rule('Mask', '(a/b)')], event)).toEqual({
      email: '#.com',
      path: '#',
      other: 'A',
    })
  })

  it('takes the whole of an escape or a character that it touches in part', () => {
    expect(changed([rule('Mask', 'Wendy (\\\\)')])).toMatchObject({ user: { name: 'Wendy #W" Ash' } })
    expect(changed([rule('Mask', '(")W')])).toMatchObject({ user: { name: 'Wendy #W" Ash' } })
    expect(changed([rule('Mask', '(😀)')], { a: 'x😀y' })).toEqual({ a: 'x#y' })
  })

  it('leaves an event as it was received if it replaces nothing', () => {
    const text = '{"a":"\\u0041","b":1.0}'
    for (const regexp of ['(nothing)', '()', '(:)', '"a(":")'])
      expect(preview([rule('Mask', regexp)], text)).toEqual({ outcome: 'kept', text })
  })

  it('sees what other rules mask: no rule hides from another what that one looks for', () => {
    const rules = [rule('Mask', '"(category)"'), rule('Mask', '"category":"([^"]*)"', { mask: 'gone' })]
    expect(changed(rules)).toEqual({ ...EVENT, category: undefined, '#': 'gone' })
  })

  it('wins where a Hash rule captures the same', () => {
    const rules = [rule('Hash', '"email":"([^"]*)"'), rule('Mask', '(wendy@)')]
    expect(changed(rules)).toMatchObject({ user: { email: '#' } })
  })
})

describe('Hash', () => {
  it('replaces what a capture group holds by its SHA-256', () => {
    expect(changed([rule('Hash', '"(?:name|email)":"((?:[^"\\\\]|\\\\.)*)"')])).toEqual({
      ...EVENT,
      user: { ...EVENT.user, name: sha256('Wendy "W" Ash'), email: sha256('wendy@example.com') },
    })
  })

  it('cuts its texts if the event would become more than five times as long', () => {
    const long = { a: 'ab'.repeat(5000) }
    const [shown] = [preview([rule('Hash', '(a)b')], long)]
    expect(shown.outcome).toBe('changed')
    const text = 'text' in shown ? shown.text : ''
    expect(text.length).toBeLessThanOrEqual(JSON.stringify(long).length * 5)
    expect(JSON.parse(text).a.startsWith(`${sha256('a').slice(0, 5)}b`)).toBe(true)
  })
})

describe('a preview', () => {
  it('names the rules that have changed the event', () => {
    const rules = [
      rule('Mask', '(wendy)', { name: 'one' }),
      rule('Hash', '(Ash)', { name: 'two' }),
      rule('Mask', '(x9)'),
    ]
    expect(preview(rules)).toMatchObject({ by: ['one', 'two'] })
  })

  it('shows the text without white space, as the rules see it', () => {
    expect(preview([rule('Mask', '"a":"(.)"')], ' {"a" : "b", "c": 1.0}')).toMatchObject({
      text: '{"a":"#","c":1.0}',
    })
  })

  it.each(['', '[]', 'null', '{', '{"a":1}{}'])('says that %j is no event', sample => {
    expect(preview([], sample)).toEqual({
      outcome: 'invalid',
      why: 'The sample must be one event: a JSON object.',
    })
  })
})
