import type { PageRecord } from '../../../shared/domain/stream/page-record.ts'
import type { Lake } from '../../../shared/ports.ts'

interface FakeObject {
  readonly record: PageRecord
  readonly lines: readonly string[]
}

export interface FakeLake extends Lake {
  readonly objects: Map<string, FakeObject>
}

/** The lake in memory. */
export function fakeLake(): FakeLake {
  const objects = new Map<string, FakeObject>()
  return {
    objects,
    async create(key, body, record) {
      if (objects.has(key)) return 'exists'
      const lines = Buffer.from(body)
        .toString('utf8')
        .split('\n')
        .filter(line => line !== '')
      objects.set(key, { record, lines })
      return 'created'
    },
    record: async key => objects.get(key)?.record,
    read: async key => objects.get(key),
  }
}
