import { describe, expect, it } from 'vitest'
import { createFailure } from '../../../shared/domain/failure/failure.ts'
import type { NetworkReason } from '../../../shared/domain/failure/network-failure.ts'
import { eventsFrom, toUuids } from '../../support/collect-world.ts'
import { managedCollection } from '../../support/managed-collection.ts'
import { CURES, type Scene } from './cures.ts'
import { sourceWorld, tokenInUse, update } from './source-world.ts'

async function createScene({ isNew = false }: { readonly isNew?: boolean }): Promise<Scene> {
  const { world, path } = await sourceWorld({ supported_apis: ['sign-in'] })
  const collection = managedCollection(world, eventsFrom(0, 5, world.state.nowMs - 3_600_000))
  collection.eventsApi.token = tokenInUse(world) ?? ''
  if (!isNew) await collection.tick()
  return { ...collection, world, path }
}

/** Each event with its API: the account has the same events in all of them. */
const listEvents = ({ lake }: Scene): string[] =>
  [...lake.objects].flatMap(([key, { lines }]) =>
    toUuids(lines).map(uuid => `${/api=([\w-]+)/.exec(key)?.[1]} ${uuid}`),
  )

const cures = Object.entries(CURES).flatMap(([kind, list]) =>
  typeof list === 'string' ? [] : list.map(cure => [kind, cure.name, cure] as const),
)

describe('whoever follows the advice of a configuration error', () => {
  it.each(cures)('(%s: %s) has a source that collects', async (_kind, _name, cure) => {
    const broken = await createScene(cure)
    cure.breakIt(broken)
    const { world, path, clock, eventsApi, tick } = broken
    await update(world, path, { description: 'begins anew' })
    for (let ticks = 0; ticks < 4; ticks++) await tick()
    const [task] = world.tasks
    expect(task).toMatchObject({ state: 'Error', halted: true, error: { type: 'ThirdPartyConfig' } })
    expect(task?.error?.info).toContain(cure.advice)
    await cure.follow(broken)
    eventsApi.events.push(...eventsFrom(100, 3, clock.now() - 60_000 * 3))
    for (let ticks = 0; ticks < 2; ticks++) await tick()
    const stored = world.tasks.find(each => each.state === 'Collecting')
    expect(stored).toBeDefined()
    const events = listEvents(broken)
    const newOnes = ['E100', 'E101', 'E102'].map(uuid => `${stored?.api} ${uuid}`)
    expect(events).toEqual(expect.arrayContaining(newOnes))
    expect(new Set(events).size).toBe(events.length)
  })
})

const REASONS: Readonly<Record<NetworkReason, boolean>> = {
  unsendable: true,
  ...{
    refused: false,
    reset: false,
    closed: false,
    unroutable: false,
    dns: false,
    tls: false,
    protocol: false,
  },
  ...{ 'connect-timeout': false, 'headers-timeout': false, 'body-timeout': false, 'too-large': false },
  other: false,
}

describe('a broken connection', () => {
  it.each(Object.entries(REASONS))('(%s) waits for the user: %s', (reason, waits) => {
    const fact = { reason: reason as NetworkReason, at: 'https://x' }
    const { type } = createFailure({ kind: 'network', fact, doing: 'asking' })
    expect(type === 'ThirdPartyConfig').toBe(waits)
  })
})
