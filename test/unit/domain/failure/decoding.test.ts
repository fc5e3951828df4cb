import { describe, expect, it } from 'vitest'
import { decodeAll } from '../../../../shared/domain/failure/decoding.ts'

const decoded = (text: string): string[] => decodeAll(text).map(each => each.text)

describe('what can be decoded from a text', () => {
  it.each([
    ['\\u0061\\x62\\u{63}', 'abc'],
    ['\\"a\\/b\\nc', '"a/b c'],
    ['%61%62c', 'abc'],
    ['&#x61;&#098;c', 'abc'],
    ['&AMP;&lt;&Period', '&<.'],
    ['&#65535;', '\uffff'],
    ['&#65536;', ''],
    ['a b\r\n c', 'abc'],
  ])('%j may mean %j', (text, meant) => {
    expect(decoded(text)).toContain(meant)
  })

  it('begins with the text itself, and holds nothing twice', () => {
    const all = decoded('a%20b \\u0025%32%30 c')
    expect(all[0]).toBe('a%20b \\u0025%32%30 c')
    expect(new Set(all).size).toBe(all.length)
  })

  it('is only the text if it holds no encoding', () => {
    expect(decoded('plain')).toEqual(['plain'])
  })

  it('goes through three encodings in one another, and no more', () => {
    expect(decoded('%252561')).toContain('a')
    expect(decoded('%25252561')).toContain('%61')
    expect(decoded('%25252561')).not.toContain('a')
  })

  it('tells which part of the text each character comes from', () => {
    const [, found] = decodeAll('x%61y')
    expect(found?.text).toBe('xay')
    expect(found?.findPlaces()).toEqual({ starts: [0, 1, 4], ends: [1, 4, 5] })
  })
})
