import { describe, expect, it } from 'vitest'
import { toRuleId } from '../../../shared/domain/rule/rule-counts.ts'
import type { ProcessingRule } from '../../../shared/domain/source/source.ts'
import { adminWorld, sourceBody, withCollector } from './admin-world.ts'
import { collected, edited, sourceIn, sourceWorld, storedSource, update } from './source-world.ts'

const NO_GUESTS: ProcessingRule = { filterType: 'Exclude', name: 'No guests', regexp: '.*"guest".*' }
const NO_IPS: ProcessingRule = {
  filterType: 'Mask',
  name: 'Addresses',
  regexp: '"ip":"(.*?)"',
  mask: 'hidden',
}
const ONLY_SUCCESS: ProcessingRule = { filterType: 'Include', name: 'Success', regexp: '.*"success".*' }

describe('the processing rules of a source', () => {
  it('are shown as they were sent, also in a download', async () => {
    const filters = [NO_IPS, NO_GUESTS]
    const { world, path } = await sourceWorld({ filters })
    expect(sourceIn(await world.get(path)).config).toMatchObject({ filters })
    expect(sourceIn(await world.get(`${path}?download=true`)).config).toMatchObject({ filters })
  })

  it('are not shown where there never were any, so that nothing changes for other clients', async () => {
    const { world, path } = await sourceWorld()
    expect(sourceIn(await world.get(path)).config).not.toHaveProperty('filters')
    expect(storedSource(world)).not.toHaveProperty('markSalt')
  })

  it('are refused with all that is wrong, and nothing is created', async () => {
    const world = adminWorld()
    const sources = await withCollector(world)
    const filters = [
      { ...NO_IPS, regexp: '(?<=x)y' },
      { ...NO_GUESTS, name: '' },
    ]
    const answer = await world.post(sources, sourceBody({ filters }))
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: 'collectors.validation.invalid',
      message:
        'config.filters[0].regexp: of the rule "Addresses" cannot be compiled: invalid named capture; use the syntax of RE2, ' +
        'which has no back-references and no look-around; config.filters[1].name: is required.',
    })
    expect(world.tasks).toEqual([])
  })

  it('stay when a client sends back what it has read, and go when it leaves them out', async () => {
    const { world, path } = await sourceWorld({ filters: [NO_GUESTS] })
    await update(world, path, { description: 'changed' })
    expect(storedSource(world).filters).toEqual([NO_GUESTS])
    await update(world, path, { filters: undefined })
    expect(storedSource(world)).not.toHaveProperty('filters')
  })

  it('change the tag, so that nobody overwrites the rules of somebody else', async () => {
    const { world, path } = await sourceWorld()
    const read = await world.get(path)
    await update(world, path, { filters: [NO_GUESTS] })
    const late = await world.put(path, edited(read, { filters: [] }), read.headers['etag'])
    expect(late.status).toBe(412)
    expect(storedSource(world).filters).toEqual([NO_GUESTS])
  })

  it('make the source begin anew, from the next page on', async () => {
    const { world, path } = await sourceWorld()
    await update(world, path, { filters: [NO_GUESTS] })
    expect(storedSource(world).version).toBe(2)
    expect(world.due.map(({ reason }) => reason)).toEqual(['updated', 'updated'])
  })

  it('are refused beside config, where they would be dropped in silence', async () => {
    const world = adminWorld()
    const sources = await withCollector(world)
    const answer = await world.post(sources, sourceBody({}, { filters: [NO_GUESTS] }))
    expect(answer).toMatchObject({ status: 400, body: { faults: [{ field: 'filters' }] } })
  })

  it('load the engine only if there are some', async () => {
    const world = adminWorld(ports => ({
      ...ports,
      expressions: { load: () => Promise.reject(new Error('the engine is loaded')) },
    }))
    const sources = await withCollector(world)
    expect((await world.post(sources, sourceBody({ filters: [] }))).status).toBe(201)
    expect((await world.post(sources, sourceBody({ name: 'b', filters: null }))).status).toBe(201)
    expect((await world.post(sources, sourceBody({ name: 'c', filters: 'x' }))).status).toBe(400)
  })
})

describe('the salt of the marks', () => {
  it('is made with the first rules, and stays for ever', async () => {
    const { world, path } = await sourceWorld({ filters: [] })
    expect(storedSource(world)).not.toHaveProperty('markSalt')
    await update(world, path, { filters: [NO_GUESTS] })
    const { markSalt } = storedSource(world)
    expect(markSalt).toMatch(/^[0-9a-f-]{36}$/)
    for (const filters of [[NO_IPS], [], undefined]) await update(world, path, { filters })
    await world.post(`${path}/action/restart`)
    expect(storedSource(world).markSalt).toBe(markSalt)
  })

  it('is another one for each source, and is never shown', async () => {
    const { world, sources, path } = await sourceWorld({ filters: [NO_GUESTS] })
    const answer = await world.post(sources, sourceBody({ name: 'other', filters: [NO_GUESTS] }))
    const other = storedSource(world, sourceIn(answer).id).markSalt
    const { markSalt = '' } = storedSource(world)
    expect(other).not.toBe(markSalt)
    const shown = [answer, await world.get(path), await world.get(sources), world.logged]
    expect(JSON.stringify(shown)).not.toContain(markSalt)
  })
})

describe('…/tasks', () => {
  it('says what each rule has dropped or changed, in their order', async () => {
    const filters = [NO_IPS, NO_GUESTS, ONLY_SUCCESS]
    const { world, path } = await sourceWorld({ supported_apis: ['sign-in'], filters })
    const shown = async () => {
      const { body } = await world.get(`${path}/tasks`)
      return (body['tasks'] as { filters?: unknown }[])[0]?.filters
    }
    const none = [
      { name: 'Addresses', filterType: 'Mask', changed: 0 },
      { name: 'No guests', filterType: 'Exclude', dropped: 0 },
      { name: 'Success', filterType: 'Include', dropped: 0 },
    ]
    expect(await shown()).toEqual(none)
    collected(world, { filtered: { [toRuleId(NO_IPS)]: 7, [toRuleId(ONLY_SUCCESS)]: 3, d000000: 9 } })
    expect(await shown()).toEqual([{ ...none[0], changed: 7 }, none[1], { ...none[2], dropped: 3 }])
  })
})
