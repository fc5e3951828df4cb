import { beforeEach, describe, expect, it } from 'vitest'
import type { HealthSubject } from '../../shared/domain/task/health-event.ts'
import type { HealthChange } from '../../shared/domain/task/task-health.ts'
import type { HealthEvents } from '../../shared/ports.ts'
import { aFault, healthAfter, SUBJECT } from '../support/health.ts'

const SINCE = '2026-01-01T00:00:00.000Z'

const minute = (n: number): string => new Date(Date.parse('2026-03-01T12:00:00Z') + n * 60_000).toISOString()

/** What every store of health events must do, in memory or in DynamoDB. */
export function healthEventsContract(kind: string, open: () => Promise<HealthEvents>): void {
  describe(`health events ${kind}`, () => {
    let store: HealthEvents
    let ids = 200_000_000
    beforeEach(async () => {
      store = await open()
    })

    const aSubject = (change: Partial<HealthSubject> = {}): HealthSubject => ({
      ...SUBJECT,
      sourceId: ++ids,
      ...change,
    })

    /** A trouble and its end. */
    function createChanges(subject: HealthSubject): [HealthChange, HealthChange] {
      const [opened, closed] =
        healthAfter({ subject, fault: aFault({ at: minute(0) }) }, minute(5)).untold ?? []
      if (!opened || !closed) throw new Error('there are two changes')
      return [opened, closed]
    }

    const listUnresolved = async (...sources: number[]) =>
      (await store.unresolved({ limit: 1000, sources: new Set(sources) })).events

    const listHistory = async (sourceId: number) =>
      (await store.history(sourceId, { limit: 1000, since: SINCE })).events

    it('lists an error as unresolved until its end; the history has both, the newest first', async () => {
      const subject = aSubject()
      const [opened, closed] = createChanges(subject)
      await store.record(subject.sourceId, opened)
      expect(await listUnresolved(subject.sourceId)).toEqual([opened.event])
      await store.record(subject.sourceId, closed)
      expect(await listUnresolved(subject.sourceId)).toEqual([])
      expect(await listHistory(subject.sourceId)).toEqual([closed.event, opened.event])
    })

    it('is the same if changes are recorded twice or late', async () => {
      const subject = aSubject()
      const [opened, closed] = createChanges(subject)
      for (const change of [opened, opened, closed, closed, opened]) {
        await store.record(subject.sourceId, change)
      }
      expect(await listUnresolved(subject.sourceId)).toEqual([])
      expect(await listHistory(subject.sourceId)).toEqual([closed.event, opened.event])
    })

    it('opens a tracker again after it was closed', async () => {
      const subject = aSubject()
      const again = healthAfter({ subject, fault: aFault({ at: minute(0) }) }, minute(5))
      const third = healthAfter({ subject, health: again, fault: aFault({ at: minute(9) }) }).untold ?? []
      for (const change of third) await store.record(subject.sourceId, change)
      expect(await listUnresolved(subject.sourceId)).toEqual([third.at(-1)?.event])
    })

    it('keeps trackers and sources apart', async () => {
      const one = aSubject()
      const other = aSubject()
      const usage = { ...one, api: 'itemUsage' as const }
      for (const subject of [one, other, usage])
        await store.record(subject.sourceId, createChanges(subject)[0])
      await store.record(one.sourceId, createChanges(one)[1])
      expect(await listUnresolved(one.sourceId)).toEqual([createChanges(usage)[0].event])
      expect(await listUnresolved(other.sourceId)).toEqual([createChanges(other)[0].event])
      expect(await listUnresolved(one.sourceId, other.sourceId)).toHaveLength(2)
      expect(await listUnresolved(1)).toEqual([])
    })

    it('returns open events part by part, each once, in the order of the sources', async () => {
      const subjects = Array.from({ length: 7 }, () => aSubject())
      for (const subject of subjects.toReversed())
        await store.record(subject.sourceId, createChanges(subject)[0])
      const closed = subjects[2] ?? SUBJECT
      await store.record(closed.sourceId, createChanges(closed)[1])
      const sources = new Set(subjects.map(({ sourceId }) => sourceId))
      const found: string[] = []
      for (let after: string | undefined; ; ) {
        const { events, next } = await store.unresolved({ limit: 2, after, sources })
        found.push(...events.map(({ resourceIdentity }) => resourceIdentity.id))
        if (next === undefined) break
        expect(events).toHaveLength(2)
        after = next
      }
      const left = subjects.filter(subject => subject !== closed)
      expect(found.map(id => Number.parseInt(id, 16))).toEqual(left.map(({ sourceId }) => sourceId))
    })

    it('returns a history part by part, and says when there is no more', async () => {
      const subject = aSubject()
      const changes = createChanges(subject)
      for (const change of changes) await store.record(subject.sourceId, change)
      const first = await store.history(subject.sourceId, { limit: 1, since: SINCE })
      expect(first.events).toEqual([changes[1].event])
      const second = await store.history(subject.sourceId, { limit: 1, since: SINCE, after: first.next })
      expect(second).toEqual({ events: [changes[0].event] })
    })

    it('leaves out events before a time, and accepts any text as the place to go on from', async () => {
      const subject = aSubject()
      const changes = createChanges(subject)
      for (const change of changes) await store.record(subject.sourceId, change)
      const { sourceId } = subject
      const since = minute(1)
      expect((await store.history(sourceId, { limit: 9, since })).events).toEqual([changes[1].event])
      expect(await store.history(sourceId, { limit: 9, since, after: minute(0) })).toEqual({ events: [] })
      for (const after of ['0', '~', minute(3), 'x y']) {
        await store.history(sourceId, { limit: 9, since: SINCE, after })
        await store.unresolved({ limit: 9, after, sources: new Set([sourceId]) })
      }
    })
  })
}
