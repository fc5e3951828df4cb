import { describe, expect, it } from 'vitest'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import { type CollectWorld, collectWorld, eventsFrom, ledgerLines } from '../../support/collect-world.ts'

const enabling = (...names: string[]): FieldSchema => ({
  schema: 1,
  version: 2,
  fields: Object.fromEntries(names.map(name => [name, { id: name, enabled: true }])),
})

/** A world whose schema of fields is the test's, and how often it was read. */
function fieldsWorld(events: number) {
  const world = collectWorld({ events: eventsFrom(0, events) })
  const schema = { current: enabling('team', 'stage'), reads: 0 }
  Object.assign(world.ports.registry, {
    fieldSchema: async () => {
      schema.reads++
      return schema.current
    },
  })
  return { world, schema }
}

const deliveredFields = (world: CollectWorld): object[] =>
  ledgerLines(world).map(line => JSON.parse(line)._metadata.fields)

describe('the schema of fields', () => {
  it('is read once by a run that delivers, however many pages it has', async () => {
    const { world, schema } = fieldsWorld(25)
    expect(await world.run()).toMatchObject({ pages: 3, events: 25 })
    expect(schema.reads).toBe(1)
  })

  it('is not read by a run that finds nothing', async () => {
    const { world, schema } = fieldsWorld(0)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 0 })
    expect(schema.reads).toBe(0)
  })

  it('is not read for a source and a collector without fields', async () => {
    const { world, schema } = fieldsWorld(5)
    const { current } = world.registered
    if (!current) throw new Error('the source is gone')
    const { collector, source } = current
    world.registered.current = { collector: { ...collector, fields: {} }, source: { ...source, fields: {} } }
    await world.run()
    expect(deliveredFields(world)).toEqual(Array(5).fill({}))
    expect(schema.reads).toBe(0)
  })

  it('is used as it is when the first page is delivered', async () => {
    const { world, schema } = fieldsWorld(5)
    schema.current = enabling()
    world.eventsApi.answering = ({ method }) => {
      if (method === 'POST') schema.current = enabling('team')
      return undefined
    }
    await world.run()
    expect(deliveredFields(world)).toEqual(Array(5).fill({ team: 'red' }))
  })

  it('is read again by the next run', async () => {
    const { world, schema } = fieldsWorld(5)
    await world.run()
    schema.current = enabling('stage')
    world.eventsApi.events.push(...eventsFrom(5, 1, Date.parse('2026-02-28T01:00:00Z')))
    await world.run()
    expect(deliveredFields(world).at(-1)).toEqual({ stage: 'test' })
  })

  it('fails a run that cannot read it, and the next one delivers every event once', async () => {
    const { world } = fieldsWorld(5)
    const { fieldSchema } = world.ports.registry
    Object.assign(world.ports.registry, { fieldSchema: () => Promise.reject(new Error('throttled')) })
    expect(await world.run()).toMatchObject({ outcome: 'failed', error: { type: 'FirstPartyGeneric' } })
    expect(world.taskNow().error?.info).toContain('reading the schema of fields')
    Object.assign(world.ports.registry, { fieldSchema })
    await world.run()
    expect(deliveredFields(world)).toHaveLength(5)
  })
})
