import { beforeEach, describe, expect, it } from 'vitest'
import { OBJECT_ENDING, PLAIN_ENDING, partitionFolder } from '../../shared/contract/lake-layout.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import type { Lake } from '../../shared/ports.ts'

const DIGEST = 'ab'.repeat(32)

const sampleRecord = (change: Partial<PageRecord> = {}): PageRecord => ({
  chain: 1,
  asked: DIGEST,
  link: DIGEST,
  nextCursor: 'eyJQYWdlIjoxfQ==',
  count: 2,
  lateCount: 0,
  ...change,
})

const FULL: Partial<PageRecord> = {
  chain: 12,
  previousKey: `${partitionFolder('sign-in', '2026-02-28')}100000002-1-${'0'.repeat(32)}.ndjson`,
  count: 1000,
  lateCount: 17,
  firstTimestamp: '2026-02-28T00:00:00.123456789-03:00',
  lastTimestamp: '2026-02-28T23:59:59Z',
  newest: '2026-03-01T00:00:00.5Z',
  filtered: { d012345: 12, cabcdef: 1000 },
}

const bytes = (...lines: string[]): Uint8Array => Buffer.from(lines.map(line => `${line}\n`).join(''))

/** What every lake must do, in memory or in S3, with objects of this deployment and of earlier ones. */
export function lakeContract(kind: string, open: () => Promise<Lake>): void {
  describe.each([OBJECT_ENDING, PLAIN_ENDING])(`lake ${kind}, objects %s`, ending => {
    let lake: Lake
    let objects = 0
    beforeEach(async () => {
      lake = await open()
    })

    const newKey = (): string =>
      `${partitionFolder('sign-in', '2026-03-01')}100000002-1-${++objects}${ending}`

    it('keeps lines and record of an object, token for token', async () => {
      const key = newKey()
      const lines = ['{"n":1.0,"e":"\\u00e9\\n","s":"😀 \u2028 "}', '{"big":12345678901234567890}']
      const record = sampleRecord(FULL)
      expect(await lake.create(key, bytes(...lines), record)).toBe('created')
      expect(await lake.read(key)).toEqual({ record, lines })
      expect(await lake.record(key)).toEqual(record)
    })

    it('returns what was set aside last, and undefined if nothing was', async () => {
      const key = `walks/${++objects}${ending}.txt`
      expect(await lake.readAside(key)).toBeUndefined()
      await lake.setAside(key, bytes('before'))
      await lake.setAside(key, bytes('{"a":"ü"}', 'B'))
      expect(await lake.readAside(key)).toBe('{"a":"ü"}\nB\n')
    })

    it('keeps the record of the very first page, which has fewer members', async () => {
      const key = newKey()
      await lake.create(key, bytes('{}'), sampleRecord())
      expect(await lake.record(key)).toEqual(sampleRecord())
    })

    it.each([
      ['short', 'c'],
      ['with characters of base64 and of headers', 'a+/=_-. ;,:"\\%\t'],
      ['not ASCII', 'çürsör 😀 漢字'],
      ['over 1 KB', 'x'.repeat(1500)],
      ['over 2 KB once it is encoded', '漢'.repeat(400)],
      ['of 20 KB and not ASCII', 'é😀'.repeat(4000)],
    ])('returns the next cursor: %s', async (_name, nextCursor) => {
      const key = newKey()
      const record = sampleRecord({ ...FULL, nextCursor })
      expect(await lake.create(key, bytes('{}'), record)).toBe('created')
      expect(await lake.record(key)).toEqual(record)
      expect((await lake.read(key))?.record).toEqual(record)
    })

    it('leaves an existing object as it is, also its next cursor', async () => {
      const key = newKey()
      const first = sampleRecord({ nextCursor: 'y'.repeat(1500) })
      await lake.create(key, bytes('{"first":1}'), first)
      const other = sampleRecord({ nextCursor: 'z'.repeat(1500), count: 1 })
      expect(await lake.create(key, bytes('{"other":1}'), other)).toBe('exists')
      expect(await lake.read(key)).toEqual({ record: first, lines: ['{"first":1}'] })
    })

    it('if many create an object at once, exactly one wins, and what it wrote is kept', async () => {
      const key = newKey()
      const records = Array.from({ length: 12 }, (_, i) =>
        sampleRecord({ nextCursor: i % 2 ? `cursor ${i}` : `${i}`.repeat(1500), count: i }),
      )
      const outcomes = await Promise.all(
        records.map((record, i) => lake.create(key, bytes(`{"by":${i}}`), record)),
      )
      expect(outcomes.filter(outcome => outcome === 'created')).toHaveLength(1)
      expect(outcomes.filter(outcome => outcome === 'exists')).toHaveLength(11)
      const winner = outcomes.indexOf('created')
      expect(await lake.read(key)).toEqual({ record: records[winner], lines: [`{"by":${winner}}`] })
    })

    it('keeps how much of a page could not be read', async () => {
      const key = newKey()
      const record = sampleRecord({ unreadableCount: 3, count: 0 })
      await lake.create(key, bytes(), record)
      expect(await lake.read(key)).toEqual({ record, lines: [] })
    })

    it('has neither record nor lines of an object that was never written', async () => {
      const key = newKey()
      expect(await lake.record(key)).toBeUndefined()
      expect(await lake.read(key)).toBeUndefined()
    })

    it('keeps a page of megabytes', async () => {
      const key = newKey()
      const lines = Array.from({ length: 1000 }, (_, i) => `{"n":${i},"text":"${'é'.repeat(1000)}"}`)
      await lake.create(key, bytes(...lines), sampleRecord({ count: 1000 }))
      expect((await lake.read(key))?.lines).toEqual(lines)
    })
  })
}
