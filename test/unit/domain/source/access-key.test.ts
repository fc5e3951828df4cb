import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isStillValid,
  parseAccessKeyRecord,
  rotateAccessKey,
} from '../../../../shared/domain/source/access-key.ts'

const KEY = { accessId: 'op1', accessKey: 'k' }
const OLD = { accessId: 'op0', accessKey: 'o', validUntil: '2026-01-02T00:00:00.000Z' }

describe('the record of the access key', () => {
  it('is read with the previous key, and without other members of the secret', () => {
    expect(parseAccessKeyRecord(JSON.stringify({ ...KEY, other: 1 }))).toEqual(KEY)
    const previous = { ...OLD, note: 'x' }
    expect(parseAccessKeyRecord(JSON.stringify({ ...KEY, previous }))).toEqual({ ...KEY, previous: OLD })
  })

  it.each([{ accessId: 'op0' }, { ...OLD, validUntil: 7 }, { ...OLD, accessKey: '' }, 'text', null, [OLD]])(
    'has no previous key if that one is incomplete: %j',
    previous => {
      expect(parseAccessKeyRecord(JSON.stringify({ ...KEY, previous }))).toEqual(KEY)
    },
  )

  it('cannot be read from any other text', () => {
    const other = fc.oneof(fc.string(), fc.json()).filter(text => !text.includes('accessKey'))
    fc.assert(fc.property(other, text => parseAccessKeyRecord(text) === undefined))
  })
})

describe('a rotation', () => {
  it('keeps the current key for the given time, and drops the key before it', () => {
    const fresh = { accessId: 'op2', accessKey: 'f' }
    const nowMs = Date.UTC(2026, 0, 1)
    expect(rotateAccessKey({ ...KEY, previous: OLD }, fresh, { nowMs, keepMs: 3600_000 })).toEqual({
      ...fresh,
      previous: { ...KEY, validUntil: '2026-01-01T01:00:00.000Z' },
    })
    expect(rotateAccessKey(KEY, fresh, { nowMs, keepMs: 0 })).toEqual(fresh)
  })

  it('accepts the old key until it expires, and not from that moment on', () => {
    const endMs = Date.parse(OLD.validUntil)
    expect([isStillValid(OLD, endMs - 1), isStillValid(OLD, endMs)]).toEqual([true, false])
    expect(isStillValid({ ...OLD, validUntil: 'soon' }, 0)).toBe(false)
  })
})
