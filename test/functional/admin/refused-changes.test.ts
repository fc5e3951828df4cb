import { describe, expect, it } from 'vitest'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import { type AdminWorld, sourceBody } from './admin-world.ts'
import { COLLECTOR_ID, edited, sourceWorld, storedSource, update } from './source-world.ts'

const COLLECTORS = '/v1/collectors'
const COLLECTOR_PATH = `${COLLECTORS}/${COLLECTOR_ID}`
const named = (name: string) => ({ collector: { collectorType: 'Hosted', name } })

const schemaWith = (world: AdminWorld): FieldSchema => world.ports.registry.stored.fieldSchema

/** A collector and a source, and how each of them is changed and another created. */
async function changeable(kind: string) {
  const source = await sourceWorld()
  const { world, sources, path } = source
  if (kind === 'source') {
    const create = (name: string) => world.post(sources, sourceBody({ name }))
    const change = (name: string) =>
      update(world, path, { name, fields: { team: 'x' } }, '?autoEnableFields=true')
    return { world, create, change }
  }
  const create = (name: string) => world.post(COLLECTORS, named(name))
  const change = async (name: string) => {
    const { body, headers } = await world.get(COLLECTOR_PATH)
    const collector = { ...(body['collector'] as object), name, fields: { team: 'x' } }
    return world.put(`${COLLECTOR_PATH}?autoEnableFields=true`, { collector }, headers['etag'])
  }
  return { world, create, change }
}

describe.each(['collector', 'source'])('a change of a %s that is refused', kind => {
  it('because of its name has enabled no field', async () => {
    const { world, create, change } = await changeable(kind)
    await create('Taken')
    const before = structuredClone(schemaWith(world))
    const { status, body } = await change('Taken')
    expect([status, body['code']]).toEqual([400, 'collectors.validation.name.duplicate'])
    expect(schemaWith(world)).toEqual(before)
  })

  it('because of its fields leaves the new name free', async () => {
    const { world, create, change } = await changeable(kind)
    const full = Array.from({ length: 400 }, (_, i) => [`f${i}`, { id: `${i}`, enabled: true }])
    world.ports.registry.stored.fieldSchema = { schema: 1, version: 1, fields: Object.fromEntries(full) }
    const { status, body } = await change('New')
    expect([status, body['code']]).toEqual([400, 'field:quota_exceeded'])
    expect((await create('New')).status).toBe(201)
  })

  it('because of its fields leaves the new name to another change that wants it', async () => {
    const { world, create, change } = await changeable(kind)
    const full = Array.from({ length: 400 }, (_, i) => [`f${i}`, { id: `${i}`, enabled: true }])
    const schema = { schema: 1, version: 1, fields: Object.fromEntries(full) } as const
    world.readapt(ports => ({
      ...ports,
      registry: {
        ...ports.registry,
        fieldSchema: async () => {
          world.readapt(usual => usual)
          expect((await change('New')).status).toBe(200)
          return schema
        },
      },
    }))
    expect((await change('New')).status).toBe(400)
    expect((await create('New')).status).toBe(400)
  })
})

describe('a name that a source gives up and takes back within one update of it', () => {
  it('is still reserved for it', async () => {
    const { world, sources, path, etag } = await sourceWorld()
    const read = await world.get(path)
    world.readapt(ports => ({
      ...ports,
      registry: {
        ...ports.registry,
        replaceSource: async (source, version) => {
          if (storedSource(world).version > 1) return ports.registry.replaceSource(source, version)
          world.readapt(usual => usual)
          await update(world, path, { name: 'New' })
          await update(world, path, { name: '1Pass' })
          return ports.registry.replaceSource(source, version)
        },
      },
    }))
    expect((await world.put(path, edited(read, { name: 'New' }), etag)).status).toBe(200)
    expect(storedSource(world)).toMatchObject({ name: 'New', version: 4 })
    expect((await world.post(sources, sourceBody({ name: 'New' }))).status).toBe(400)
  })
})
