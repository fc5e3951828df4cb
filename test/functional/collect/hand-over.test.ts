import { describe, expect, it } from 'vitest'
import type { CollectPorts } from '../../../functions/collect/collect-ports.ts'
import {
  COLLECT_TIMEOUT_SECONDS,
  HAND_OVER_ATTEMPTS,
  HAND_OVER_ENDS_MS,
} from '../../../shared/contract/timing.ts'
import {
  type DestinationFact,
  DestinationFailure,
} from '../../../shared/domain/destination/destination-failure.ts'
import { withoutMetadata } from '../../../shared/domain/stream/event-line.ts'
import { renewTask } from '../../../shared/domain/task/life.ts'
import { applied } from '../../support/applying.ts'
import { type CollectWorld, DUE, eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'
import {
  failing,
  received,
  setDestination,
  sumoWorld,
  UNAVAILABLE,
  uuids,
} from '../../support/destination-world.ts'
import type { Kill } from '../../support/killing.ts'

describe('a source whose collector has no destination beside the lake', () => {
  it('opens none', async () => {
    const world = sumoWorld()
    setDestination(world, undefined)
    await world.run()
    expect(world.ports.destinations.opened).toBe(0)
    expect(world.taskNow().events).toBe(25)
  })
})

describe('events of a collector with a destination', () => {
  it('are in the lake and in the destination, there as received', async () => {
    const world = sumoWorld()
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 25, handedOver: 25 })
    expect(toUuids(ledgerLines(world))).toEqual(uuids(25))
    expect(world.ports.destinations.received()).toEqual(world.eventsApi.events.map(({ json }) => json))
    expect(ledgerLines(world).map(withoutMetadata)).toEqual(world.ports.destinations.received())
  })

  it('are in batches that the destination takes, with all that describes them', async () => {
    const world = sumoWorld({ pageSize: 25 })
    world.ports.destinations.limits = { maxEvents: 10, maxBytes: 1e6, measure: () => 1 }
    await world.run()
    const { batches } = world.ports.destinations
    expect(batches.map(({ items }) => items.length)).toEqual([10, 10, 5])
    const [key] = world.ports.lake.objects.keys()
    expect(batches[0]).toMatchObject({ api: 'sign-in', objectKey: key, described: world.registered.current })
  })

  it('do not open it while there are none', async () => {
    const world = sumoWorld({ events: [] })
    expect(await world.run()).toMatchObject({ outcome: 'drained' })
    expect(world.ports.destinations.opened).toBe(0)
  })

  it('go there from the page on that follows the change', async () => {
    const world = sumoWorld()
    setDestination(world, undefined)
    await world.run()
    setDestination(world, true)
    world.eventsApi.events.push(...eventsFrom(25, 3, world.clock.now()))
    await world.run()
    expect(received(world)).toEqual(['E25', 'E26', 'E27'])
  })
})

describe('a destination that takes nothing for now', () => {
  it('is asked again within the run, and the run ends well', async () => {
    const world = sumoWorld()
    let calls = 0
    world.ports.destinations.onBatch = async () => {
      if (++calls < HAND_OVER_ATTEMPTS) throw new DestinationFailure(UNAVAILABLE)
    }
    expect(await world.run()).toMatchObject({ outcome: 'drained', handedOver: 25, handedOverAgain: 40 })
    expect(received(world)).toEqual(uuids(25))
  })

  it('is given up after so many attempts; the text names the destination, and the cursor stays', async () => {
    const world = sumoWorld()
    let calls = 0
    world.ports.destinations.onBatch = async () => {
      calls++
      throw new DestinationFailure(UNAVAILABLE)
    }
    const report = await world.run()
    expect(calls).toBe(HAND_OVER_ATTEMPTS)
    const { error, cursor, episode, halted } = world.taskNow()
    expect(report).toMatchObject({ outcome: 'failed', events: 0, handedOver: 0 })
    expect(error).toMatchObject({ type: 'FirstPartyGeneric', code: 503, where: 'destination' })
    expect(error?.info).toContain(
      'Sumo Logic, the destination of the collector Local, took no events (503: no)',
    )
    expect({ cursor, halted, retried: episode?.attempts }).toEqual({
      cursor: undefined,
      halted: undefined,
      retried: 1,
    })
  })

  it('has what the lake has once it takes events again, and the lake has each event once', async () => {
    const world = sumoWorld()
    world.ports.destinations.onBatch = failing(UNAVAILABLE)
    for (let run = 0; run < 3; run++) await world.run()
    world.ports.destinations.onBatch = async () => {}
    await world.run()
    expect(received(world)).toEqual(uuids(25))
    expect(toUuids(ledgerLines(world))).toEqual(uuids(25))
  })

  it('is left alone for as long as it asks for', async () => {
    const world = sumoWorld()
    const begun = world.clock.now()
    world.ports.destinations.onBatch = async () => {
      if (world.clock.now() < begun + 60_000)
        throw new DestinationFailure(UNAVAILABLE, { retryAfterMs: 60_000 })
    }
    expect(await world.run()).toMatchObject({ outcome: 'drained', handedOver: 25 })
    expect(world.clock.now() - begun).toBe(60_000)
  })

  it('is not waited for if it asks for more time than the run has: the next run comes after that', async () => {
    const world = sumoWorld()
    world.ports.destinations.onBatch = failing(UNAVAILABLE, { retryAfterMs: 600_000 })
    const begun = world.clock.now()
    await world.run()
    expect(world.clock.now()).toBe(begun)
    expect(world.taskNow().episode?.nextRetryMs).toBeGreaterThanOrEqual(begun + 600_000)
  })

  it('leaves the run the time to record that', async () => {
    const world = sumoWorld()
    const deadlineMs = world.clock.now() + COLLECT_TIMEOUT_SECONDS * 1000
    world.ports.destinations.onBatch = async (_batch, timeoutMs) => {
      expect(world.clock.now() + timeoutMs).toBeLessThanOrEqual(deadlineMs - HAND_OVER_ENDS_MS)
      world.clock.advance(timeoutMs)
      throw new DestinationFailure({ reason: 'unavailable', said: 'no answer within 30 seconds' })
    }
    expect(await world.run()).toMatchObject({ outcome: 'failed' })
    expect(world.clock.now()).toBeLessThanOrEqual(deadlineMs - HAND_OVER_ENDS_MS)
  })
})

describe('a destination that took a part of a batch', () => {
  it('is sent the rest alone', async () => {
    const world = sumoWorld({ pageSize: 25 })
    let calls = 0
    world.ports.destinations.onTaken = async ({ items }) => {
      if (++calls === 1) throw new DestinationFailure(UNAVAILABLE_PART, { left: items.slice(20) })
    }
    expect(await world.run()).toMatchObject({ outcome: 'drained', handedOver: 25, handedOverAgain: 5 })
    expect(received(world)).toEqual([...uuids(25), ...uuids(25).slice(20)])
  })
})

const UNAVAILABLE_PART: DestinationFact = { reason: 'unavailable' }

describe('a destination that refuses', () => {
  it.each<[DestinationFact, number, RegExp]>([
    [
      { reason: 'refused', status: 401, said: 'Unauthorized' },
      401,
      /\(401: Unauthorized\): update destination.url/,
    ],
    [{ reason: 'refused', status: 403, said: '' }, 403, /\(403: no body\): update destination.url/],
    [{ reason: 'refused', status: 404 }, 404, /update destination.url/],
    [{ reason: 'redirect', status: 301 }, 301, /a redirect, which is not followed/],
    [{ reason: 'address' }, 403, /not of the public internet/],
    [{ reason: 'host' }, 403, /destinationHosts/],
    [{ reason: 'secret-gone' }, 401, /its secret is gone\. Update destination.url/],
    [{ reason: 'secret-unusable' }, 401, /holds no address/],
    [{ reason: 'not-deployed' }, 403, /Deploy with the setting destinations/],
  ])('halts the API until its user does something: %j', async (fact, code, advice) => {
    const world = sumoWorld()
    let calls = 0
    world.ports.destinations.onBatch = async () => {
      calls++
      throw new DestinationFailure(fact)
    }
    expect(await world.run()).toMatchObject({ outcome: 'failed', refused: 10, handedOver: 0 })
    expect(calls).toBe(1)
    const { error, halted, episode, health } = world.taskNow()
    expect({ error, halted, episode }).toMatchObject({
      error: { type: 'ThirdPartyConfig', code, where: 'destination' },
      halted: true,
      episode: undefined,
    })
    expect(error?.info).toMatch(/^Sumo Logic, the destination of the collector Local, cannot be used/)
    expect(error?.info).toMatch(advice)
    expect(health).toMatchObject({ open: { type: 'ThirdPartyConfig' } })
    expect(JSON.stringify(world.bus.health)).toContain('the destination of the collector Local')
  })

  it('is tried anew if somebody has put another URL into its secret meanwhile', async () => {
    const world = sumoWorld()
    const { destinations } = world.ports
    const first = await destinations.open({ type: 'sumologic', lake: true, secret: 'a' })
    let isForgotten = false
    const refusing = { ...first, limits: first.limits, deliver: failing({ reason: 'refused', status: 401 }) }
    const ports: CollectPorts = {
      ...world.ports,
      destinations: {
        open: async () => (isForgotten ? first : refusing),
        forget: () => {
          isForgotten = true
        },
      },
    }
    expect(await world.run(ports)).toMatchObject({ outcome: 'drained', handedOver: 25 })
    expect(received(world)).toEqual(uuids(25))
  })

  it('has all events of the lake once its user has mended it', async () => {
    const world = sumoWorld()
    world.ports.destinations.onBatch = failing({ reason: 'refused', status: 401 })
    await world.run()
    world.ports.destinations.onBatch = async () => {}
    world.update()
    await applied(world.ports.tasks, DUE, renewTask(2, new Date(world.clock.now()).toISOString()))
    await world.run()
    expect(received(world)).toEqual(uuids(25))
    expect(toUuids(ledgerLines(world))).toEqual(uuids(25))
  })
})

/** Runs until all is collected, with one kill on the way. */
async function collectWithKill(world: CollectWorld, kill?: Kill) {
  const { effects } = await world.runUntilKilled(kill)
  world.expireLease()
  await world.run()
  return effects
}

describe('a run that dies, wherever that is', () => {
  it.each([true, false])('leaves nothing out, with the lake %s', async lake => {
    const effects = await collectWithKill(sumoWorld({}, { lake }))
    expect(
      effects.filter(name => name.startsWith('destinations.deliver') || name.includes('open')).length,
    ).toBeGreaterThan(0)
    for (let at = 0; at < effects.length; at++) {
      for (const phase of ['before', 'after'] as const) {
        const world = sumoWorld({}, { lake })
        await collectWithKill(world, { at, phase })
        const there = received(world)
        expect([...new Set(there)].sort(), `${phase} ${effects[at]}`).toEqual(uuids(25).sort())
        if (!lake) continue
        expect(toUuids(ledgerLines(world))).toEqual(uuids(25))
        expect(there.length).toBeLessThanOrEqual(35)
      }
    }
  })

  it('between the object and the hand-over leaves an object, whose events the next run hands over as received', async () => {
    const world = sumoWorld({ events: eventsFrom(0, 3) })
    let calls = 0
    world.ports.destinations.onBatch = () =>
      ++calls === 1 ? new Promise<never>(() => {}) : Promise.resolve()
    const dying = world.run()
    await expect.poll(() => world.ports.lake.objects.size).toBe(1)
    void dying
    world.expireLease()
    world.eventsApi.events.splice(0)
    expect(await world.run()).toMatchObject({ outcome: 'drained', handedOver: 3 })
    expect(received(world)).toEqual(uuids(3))
    expect(ledgerLines(world).map(withoutMetadata)).toEqual(world.ports.destinations.received())
  })
})
