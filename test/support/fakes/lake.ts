import { UNREADABLE_PREFIX } from '../../../shared/contract/lake-layout.ts'
import type { PageRecord } from '../../../shared/domain/stream/page-record.ts'
import type { Lake } from '../../../shared/ports.ts'

interface FakeObject {
  readonly record: PageRecord
  readonly lines: readonly string[]
}

export interface FakeLake extends Lake {
  readonly objects: Map<string, FakeObject>
  /** What could not be read, by key. Bytes that are not UTF-8 show as replacement characters. */
  readonly unreadable: Map<string, string>
  /** What else is kept beside the ledger, by key. */
  readonly aside: Map<string, string>
}

/** The lake in memory. */
export function fakeLake(): FakeLake {
  const objects = new Map<string, FakeObject>()
  const unreadable = new Map<string, string>()
  const aside = new Map<string, string>()
  const findMap = (key: string) => (key.startsWith(UNREADABLE_PREFIX) ? unreadable : aside)
  return {
    objects,
    unreadable,
    aside,
    async create(key, body, record) {
      if (objects.has(key)) return 'exists'
      const lines = Buffer.from(body)
        .toString('utf8')
        .split('\n')
        .filter(line => line !== '')
      objects.set(key, { record, lines })
      return 'created'
    },
    setAside: async (key, body) => void findMap(key).set(key, Buffer.from(body).toString('utf8')),
    readAside: async key => findMap(key).get(key),
    record: async key => objects.get(key)?.record,
    read: async key => objects.get(key),
  }
}
