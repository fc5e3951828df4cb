import { beforeEach, describe, expect, it } from 'vitest'
import { FIELD_QUOTA } from '../../shared/contract/limits.ts'
import { toFieldId } from '../../shared/domain/source/field-schema.ts'
import type { Registry } from '../../shared/ports.ts'
import { freshIds, numberedCollector, numberedSource } from './registered.ts'

/** What every registry must do, in memory or in DynamoDB. */
export function registryContract(kind: string, open: () => Promise<Registry>): void {
  describe(`registry ${kind}`, () => {
    let registry: Registry
    beforeEach(async () => {
      registry = await open()
    })

    const fresh = () => freshIds(registry)

    it('returns ids of nine digits and none twice, however many ask at the same time', async () => {
      const ids = await Promise.all(Array.from({ length: 25 }, () => registry.nextId()))
      expect(new Set(ids).size).toBe(25)
      expect(ids.every(id => Number.isInteger(id) && id > 100_000_000 && id < 1_000_000_000)).toBe(true)
    })

    it('keeps a collector as it was given', async () => {
      const { collectorId } = await fresh()
      await registry.putCollector(numberedCollector(collectorId))
      expect(await registry.collector(collectorId)).toEqual(numberedCollector(collectorId))
    })

    it('returns no collector that was not put', async () => {
      expect(await registry.collector((await fresh()).collectorId)).toBeUndefined()
    })

    it('leaves an existing collector or source unchanged', async () => {
      const { collectorId, id } = await fresh()
      await registry.putCollector(numberedCollector(collectorId))
      await registry.putCollector({ ...numberedCollector(collectorId), name: 'another' })
      await registry.putSource(numberedSource(collectorId, id))
      await registry.putSource({ ...numberedSource(collectorId, id), name: 'another' })
      expect(await registry.registered(collectorId, id)).toEqual({
        collector: numberedCollector(collectorId),
        source: numberedSource(collectorId, id),
      })
    })

    it('returns a source only together with its collector', async () => {
      const { collectorId, id, otherId } = await fresh()
      await registry.putSource(numberedSource(collectorId, id))
      expect(await registry.registered(collectorId, id)).toBeUndefined()
      await registry.putCollector(numberedCollector(collectorId))
      expect(await registry.registered(collectorId, otherId)).toBeUndefined()
      expect(await registry.registered(otherId, id)).toBeUndefined()
      expect((await registry.registered(collectorId, id))?.source.id).toBe(id)
    })

    it('returns all collectors and sources in the order of their ids, and nothing else', async () => {
      const { collectorId, id, otherId, name } = await fresh()
      await registry.putSource(numberedSource(collectorId, otherId))
      await registry.putSource(numberedSource(collectorId, id))
      await registry.putCollector(numberedCollector(collectorId))
      await registry.reserveName({ collectorId, name, ownerId: id, nowMs: 1 })
      const { collectors, sources } = await registry.everything()
      expect(collectors).toContainEqual(numberedCollector(collectorId))
      expect(sources.filter(source => source.collectorId === collectorId)).toEqual(
        [id, otherId].sort().map(each => numberedSource(collectorId, each)),
      )
      for (const list of [collectors, sources]) {
        const ids = list.map(each => each.id)
        expect(ids).toEqual(ids.toSorted((a, b) => a - b))
        expect(list.every(each => each.schema === 1 && 'createdAt' in each)).toBe(true)
      }
    })

    it('replaces an item only if it has the expected version', async () => {
      const { collectorId, id } = await fresh()
      const collector = { ...numberedCollector(collectorId), version: 2, description: 'second' }
      const source = { ...numberedSource(collectorId, id), version: 2, category: 'second' }
      expect(await registry.replaceCollector(collector, 1)).toBe(false)
      expect(await registry.replaceSource(source, 1)).toBe(false)
      expect(await registry.collector(collectorId)).toBeUndefined()
      await registry.putCollector(numberedCollector(collectorId))
      await registry.putSource(numberedSource(collectorId, id))
      expect(await registry.replaceCollector(collector, 1)).toBe(true)
      expect(await registry.replaceSource(source, 1)).toBe(true)
      expect(await registry.replaceCollector({ ...collector, description: 'third' }, 1)).toBe(false)
      expect(await registry.replaceSource({ ...source, category: 'third' }, 1)).toBe(false)
      expect(await registry.collector(collectorId)).toEqual(collector)
      expect(await registry.source(collectorId, id)).toEqual(source)
    })

    it('recognises its own replacement when that is sent again after a lost answer', async () => {
      const { collectorId } = await fresh()
      await registry.putCollector(numberedCollector(collectorId))
      const second = { ...numberedCollector(collectorId), version: 2, description: 'second' }
      expect(await registry.replaceCollector(second, 1)).toBe(true)
      expect(await registry.replaceCollector(second, 1)).toBe(true)
      expect(await registry.collector(collectorId)).toEqual(second)
    })

    it('keeps no member of the replaced item', async () => {
      const { collectorId } = await fresh()
      const { description: _, ...plain } = numberedCollector(collectorId)
      await registry.putCollector(numberedCollector(collectorId))
      await registry.replaceCollector({ ...plain, version: 2 }, 1)
      expect(await registry.collector(collectorId)).toEqual({ ...plain, version: 2 })
    })

    it('if many replace an item at once, one wins', async () => {
      const { collectorId } = await fresh()
      await registry.putCollector(numberedCollector(collectorId))
      const writers = ['a', 'b', 'c', 'd', 'e'].map(name => ({
        ...numberedCollector(collectorId),
        name,
        version: 2,
      }))
      const answers = await Promise.all(writers.map(writer => registry.replaceCollector(writer, 1)))
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await registry.collector(collectorId)).toEqual(writers[answers.indexOf(true)])
    })

    it('removes a collector of the expected version, and a source of any version', async () => {
      const { collectorId, id } = await fresh()
      await registry.putCollector(numberedCollector(collectorId))
      await registry.putSource({ ...numberedSource(collectorId, id), version: 7 })
      expect(await registry.removeCollector(collectorId, 2)).toBe(false)
      expect(await registry.removeCollector(collectorId, 1)).toBe(true)
      expect(await registry.removeCollector(collectorId, 1)).toBe(false)
      expect(await registry.collector(collectorId)).toBeUndefined()
      expect(await registry.source(collectorId, id)).toMatchObject({ id })
      await registry.removeSource(collectorId, id)
      await registry.removeSource(collectorId, id)
      expect(await registry.source(collectorId, id)).toBeUndefined()
    })

    it('lists collectors, and the sources of each, in the order of their ids', async () => {
      const { collectorId, id, otherId } = await fresh()
      const { collectorId: otherCollectorId, id: thirdId } = await fresh()
      await registry.putCollector(numberedCollector(otherCollectorId))
      await registry.putCollector(numberedCollector(collectorId))
      for (const sourceId of [otherId, id]) await registry.putSource(numberedSource(collectorId, sourceId))
      await registry.putSource(numberedSource(otherCollectorId, thirdId))
      const ids = (await registry.collectors()).map(collector => collector.id)
      expect(ids).toEqual(expect.arrayContaining([collectorId, otherCollectorId]))
      expect(ids).toEqual(ids.toSorted((a, b) => a - b))
      expect(await registry.sources(collectorId)).toEqual(
        [id, otherId].sort((a, b) => a - b).map(sourceId => numberedSource(collectorId, sourceId)),
      )
      expect(await registry.sources(thirdId)).toEqual([])
    })

    it('lists more items than one answer of a table holds', async () => {
      const { collectorId } = await fresh()
      const description = 'd'.repeat(100_000)
      const ids = await Promise.all(Array.from({ length: 12 }, () => registry.nextId()))
      await Promise.all(
        ids.map(id => registry.putSource({ ...numberedSource(collectorId, id), description })),
      )
      expect((await registry.sources(collectorId)).map(({ id }) => id)).toEqual(ids.sort((a, b) => a - b))
    })

    it('begins with an empty field schema and replaces it by version', async () => {
      const { version, ...first } = await registry.fieldSchema()
      expect({ version, ...first }).toEqual({ schema: 1, version: 0, fields: {} })
      const schema = (next: number, name: string) =>
        ({ schema: 1, version: next, fields: { [name]: { id: '0000000005F5E101', enabled: true } } }) as const
      const answers = await Promise.all(
        ['ä', 'b', 'c.d'].map(name => registry.replaceFieldSchema(schema(1, name), 0)),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await registry.replaceFieldSchema(schema(2, 'ö'), 1)).toBe(true)
      expect(await registry.replaceFieldSchema(schema(2, 'x'), 1)).toBe(false)
      expect(await registry.fieldSchema()).toEqual(schema(2, 'ö'))
    })

    it('can hold the highest number of fields with the longest names', async () => {
      const { version } = await registry.fieldSchema()
      const longest = Array.from(
        { length: FIELD_QUOTA },
        (_, i) => '𝕏'.repeat(224) + String(i).padStart(4, '0'),
      )
      const fields = Object.fromEntries(
        longest.map((name, i) => [name, { id: toFieldId(100_000_001 + i), enabled: false }]),
      )
      const schema = { schema: 1, version: version + 1, fields } as const
      expect(await registry.replaceFieldSchema(schema, version)).toBe(true)
      expect(await registry.fieldSchema()).toEqual(schema)
    })
  })
}
