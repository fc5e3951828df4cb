import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interleaved } from '../../support/interleaving.ts'
import { adminWorld } from './admin-world.ts'
import {
  CODE,
  collectorIn,
  created,
  LIST,
  MASK,
  named,
  OTHER_URL,
  PATH,
  stored,
  sumo,
  URL,
  update,
  urlInUse,
  withDestinations,
} from './destination-world.ts'

describe('a collector with a destination', () => {
  it('shows its kind and a mask, and keeps the URL in a secret alone', async () => {
    const { world, answer } = await created()
    expect(answer.status).toBe(201)
    const shown = { type: 'sumologic', url: MASK, lake: true }
    expect(collectorIn(answer)['destination']).toEqual(shown)
    expect(collectorIn(await world.get(PATH))['destination']).toEqual(shown)
    expect([...world.urls.values()]).toEqual([URL])
    expect(urlInUse(world)).toBe(URL)
    expect(stored(world)?.destination).toMatchObject({ type: 'sumologic', lake: true })
    expect(world.output()).not.toContain(CODE.slice(0, 8))
  })

  it('may do without the lake', async () => {
    const { answer } = await created({ destination: sumo({ lake: false }) })
    expect(collectorIn(answer)['destination']).toEqual({ type: 'sumologic', url: MASK, lake: false })
  })

  it.each([
    [{ type: 'splunk' }, 'destination.type', 'must be one of lake, sumologic'],
    [{}, 'destination.type', 'must be one of lake, sumologic'],
    [{ type: 'sumologic' }, 'destination.url', 'is required: the address of the HTTP Source'],
    [sumo({ url: '' }), 'destination.url', 'is required: the address of the HTTP Source'],
    [sumo({ url: null }), 'destination.url', 'is required: the address of the HTTP Source'],
    [sumo({ url: MASK }), 'destination.url', 'is the mask that answers show; give the URL itself'],
    [sumo({ url: 7 }), 'destination.url', 'must be a string'],
    [sumo({ url: URL.replace('https', 'http') }), 'destination.url', 'must begin with https://'],
    [
      sumo({ url: 'https://api.sumologic.com/api/v1' }),
      'destination.url',
      /must be the address of an HTTP Source/,
    ],
    [sumo({ lake: 'no' }), 'destination.lake', 'must be true or false'],
    [sumo({ token: 'x' }), 'destination.token', /is not known; remove it \(known are type, url, lake\)/],
    [{ type: 'lake', lake: false }, 'destination.lake', /is not known/],
  ])('is refused if it is wrong, naming the member and the mend: %j', async (destination, field, message) => {
    const { world, answer } = await created({ destination })
    expect(answer.status).toBe(400)
    expect(answer.body['faults']).toEqual([{ field, message: expect.stringMatching(message) }])
    expect(world.urls.size).toBe(0)
    expect(world.output()).not.toContain(CODE.slice(0, 8))
  })

  it('is refused if its host is not allowed', async () => {
    const world = adminWorld(withDestinations(['example.com']))
    const { body } = await world.post(LIST, named({ destination: sumo() }))
    expect(body['faults']).toMatchObject(
      [{ field: 'destination.url', message: /destinationHosts/ }].map(({ field }) => ({
        field,
        message: expect.stringMatching('destinationHosts'),
      })),
    )
  })

  it('is refused by a stack that was not deployed for it', async () => {
    const world = adminWorld()
    const { status, body } = await world.post(LIST, named({ destination: sumo() }))
    expect(status).toBe(400)
    expect(body['faults']).toEqual([
      {
        field: 'destination.type',
        message: 'needs a deployment with the setting destinations=sumologic',
      },
    ])
  })
})

describe('the update of such a collector', () => {
  it.each([
    ['left out, as by a client that does not know it', { destination: undefined }],
    ['null', { destination: null }],
    ['as it was read', {}],
    ['with the mask', { destination: { type: 'sumologic', url: MASK } }],
    ['without a URL', { destination: { type: 'sumologic' } }],
  ])('keeps the URL: %s', async (_name, change) => {
    const { world } = await created()
    const before = stored(world)?.destination
    const { status, body } = await update(world, { ...change, category: 'new' })
    expect(status).toBe(200)
    expect(body['collector']).toMatchObject({ category: 'new', destination: { url: MASK } })
    expect(stored(world)?.destination).toEqual(before)
    expect([...world.urls.values()]).toEqual([URL])
  })

  it('keeps it also if the stack is deployed without such destinations now', async () => {
    const { world } = await created()
    world.readapt(ports => ports)
    expect((await update(world, { category: 'new' })).status).toBe(200)
    expect(urlInUse(world)).toBe(URL)
  })

  it('replaces the URL, and removes the secret of the old one', async () => {
    const { world } = await created()
    const { status } = await update(world, { destination: sumo({ url: OTHER_URL, lake: false }) })
    expect(status).toBe(200)
    expect(urlInUse(world)).toBe(OTHER_URL)
    expect([...world.urls.values()]).toEqual([OTHER_URL])
    expect(stored(world)?.destination).toMatchObject({ lake: false })
  })

  it('to the lake alone removes the secret', async () => {
    const { world } = await created()
    await update(world, { destination: { type: 'lake' } })
    expect(stored(world)?.destination).toEqual({ type: 'lake' })
    expect(world.urls.size).toBe(0)
  })

  it('to the lake alone says what is left behind if the stack has no right to remove it', async () => {
    const { world } = await created()
    world.readapt(ports => ports)
    await update(world, { destination: { type: 'lake' } })
    expect(world.urls.size).toBe(1)
    expect(JSON.stringify(world.logged)).toContain('is left behind')
  })

  it('changes whether there is a lake, and nothing else', async () => {
    const { world } = await created()
    await update(world, { destination: { type: 'sumologic', url: MASK, lake: false } })
    expect(stored(world)?.destination).toMatchObject({ type: 'sumologic', lake: false })
    expect(urlInUse(world)).toBe(URL)
  })

  it('cannot have the mask for a destination that it did not have', async () => {
    const { world } = await created({})
    const { status, body } = await update(world, { destination: sumo({ url: MASK }) })
    expect([status, body['faults']]).toEqual([
      400,
      [{ field: 'destination.url', message: 'is the mask that answers show; give the URL itself' }],
    ])
  })

  it('that loses a race leaves no secret behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async scheduler => {
        const { world } = await created()
        const read = await world.get(PATH)
        const { etag } = read.headers
        world.readapt(ports =>
          interleaved(withDestinations()(ports), ['registry', 'destinationSecrets', 'bus'], scheduler),
        )
        const put = (destination: object) =>
          world.put(PATH, { collector: { ...collectorIn(read), destination } }, etag)
        const answers = await scheduler.waitFor(
          Promise.all([put(sumo({ url: OTHER_URL })), put({ type: 'lake' }), put({ type: 'sumologic' })]),
        )
        expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
        const { destination } = stored(world) ?? {}
        const named = destination?.type === 'sumologic' ? [destination.secret] : []
        expect([...world.urls.keys()]).toEqual(named)
      }),
      { numRuns: 100 },
    )
  })
})

describe('the deletion of such a collector', () => {
  it('removes the secret', async () => {
    const { world } = await created()
    expect((await world.delete(PATH)).status).toBe(200)
    expect(world.urls.size).toBe(0)
  })
})
