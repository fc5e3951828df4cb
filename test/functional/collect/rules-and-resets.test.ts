import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProcessingRule } from '../../../shared/domain/source/source.ts'
import { resetChain } from '../../../shared/domain/stream/reset.ts'
import { saveTask } from '../../../shared/domain/task/life.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom, ledgerLines } from '../../support/collect-world.ts'
import type { FakeEvent } from '../../support/fakes/events-api.ts'
import { rule } from '../../support/rules.ts'

const START_MS = Date.parse('2026-02-28T00:00:00Z')

/** Events that are told apart by `n`, whatever is masked: it lies in the middle of a number that no rule touches. */
const numbered = (first: number, count: number, text: (i: number) => string): FakeEvent[] =>
  eventsFrom(first, count, START_MS + first * 60_000).map(({ timestamp }, i) => ({
    timestamp,
    json: `{${text(first + i)}"timestamp":"${timestamp}","n":${first + i},"ip":"192.0.2.${first + i}","who":"${(first + i) % 4 === 0 ? 'guest' : 'member'}"}`,
  }))

const withUuid = (first: number, count: number): FakeEvent[] => numbered(first, count, i => `"uuid":"E${i}",`)
const withoutUuid = (first: number, count: number): FakeEvent[] => numbered(first, count, () => '')

function ruledWorld(
  filters: readonly ProcessingRule[],
  events: readonly FakeEvent[],
  pageSize = 4,
): CollectWorld {
  const world = collectWorld({ events: [...events], pageSize })
  world.update({ filters, markSalt: 'salt' })
  return world
}

/** 1Password refuses the cursor: what was delivered is read again. */
async function reset(world: CollectWorld): Promise<void> {
  const task = world.taskNow()
  await world.ports.tasks.apply(DUE, saveTask(task.fence, resetChain(task, world.clock.now())))
}

const numbers = (world: CollectWorld): number[] => ledgerLines(world).map(line => JSON.parse(line).n)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

const NO_UUID = rule('Mask', '"uuid":"([^"]*)"')
const HASHED_UUID = rule('Hash', '"uuid":"([^"]*)"')
const NO_UUID_KEY = rule('Mask', '("uuid":"[^"]*")', { mask: 'x' })
const NO_IP = rule('Mask', '"ip":"([^"]*)"')
const NO_TIME = rule('Mask', '"timestamp":"([^"]*)"')
const NO_GUESTS = rule('Exclude', '.*"guest".*')

const RULE_SETS: readonly (readonly [string, readonly ProcessingRule[]])[] = [
  ['no rules', []],
  ['a masked address', [NO_IP]],
  ['a masked uuid', [NO_UUID]],
  ['a hashed uuid', [HASHED_UUID]],
  ['the name of the uuid masked as well', [NO_UUID_KEY]],
  ['everything masked', [NO_UUID, NO_IP, NO_TIME]],
]

const EVENTS = [
  ['with a uuid', withUuid],
  ['without a uuid', withoutUuid],
] as const

const pairs = EVENTS.flatMap(([kind, events]) =>
  RULE_SETS.flatMap(([before, first]) =>
    RULE_SETS.map(([after, second]) => [kind, before, after, events, first, second] as const),
  ),
)

describe('events that are read again after a reset', () => {
  it.each(pairs)(
    '(%s; before: %s; after: %s) come into the lake once',
    async (_k, _b, _a, events, before, after) => {
      const world = ruledWorld(before, events(0, 10))
      await world.run()
      world.update({ filters: after })
      await reset(world)
      world.eventsApi.events.push(...events(10, 3))
      await world.run()
      expect(numbers(world)).toEqual(upTo(13))
      expect(world.taskNow().overlap).toBeUndefined()
    },
  )

  it('are known in the second and third reset, too', async () => {
    const world = ruledWorld([NO_UUID], withUuid(0, 10))
    await world.run()
    for (const filters of [[NO_IP], [], [HASHED_UUID]]) {
      world.update({ filters })
      await reset(world)
      await world.run()
    }
    expect(numbers(world)).toEqual(upTo(10))
  })

  it('are kept apart although rules have made them the same to the letter', async () => {
    const world = ruledWorld([rule('Mask', '"n":(\\d+)'), NO_IP, NO_TIME], withoutUuid(0, 10))
    await world.run()
    await reset(world)
    world.eventsApi.events.push(...withoutUuid(10, 3))
    await world.run()
    expect(ledgerLines(world)).toHaveLength(13)
  })

  it('are dropped again by the rule that has dropped them', async () => {
    const world = ruledWorld([NO_GUESTS], withUuid(0, 10))
    await world.run()
    await reset(world)
    await world.run()
    expect(numbers(world)).toEqual(upTo(10).filter(n => n % 4 !== 0))
  })

  it('come into the lake once if the rule that has dropped them is gone by then', async () => {
    const world = ruledWorld([NO_GUESTS, NO_UUID], withUuid(0, 10))
    await world.run()
    world.update({ filters: [] })
    await reset(world)
    await world.run()
    expect(numbers(world).sort((a, b) => a - b)).toEqual(upTo(10))
  })

  it('are recognised by a mark in their metadata only if their uuid is changed', async () => {
    const marks = async (rules: readonly ProcessingRule[], events: readonly FakeEvent[]) => {
      const world = ruledWorld(rules, events)
      await world.run()
      return ledgerLines(world).map(line => JSON.parse(line)._metadata.mark)
    }
    expect(await marks([NO_IP], withUuid(0, 1))).toEqual([undefined])
    expect(await marks([NO_UUID], withUuid(0, 1))).toEqual([expect.stringMatching(/^~[\w-]{22}$/)])
    expect(await marks([NO_IP], withoutUuid(0, 1))).toEqual([expect.stringMatching(/^~[\w-]{22}$/)])
    expect(await marks([rule('Mask', '(never)')], withoutUuid(0, 1))).toEqual([undefined])
  })
})

describe('a run that dies while rules are applied', () => {
  const RULES = [NO_GUESTS, NO_IP, NO_UUID]
  const created = () => ruledWorld(RULES, withUuid(0, 10))
  const kept = upTo(10).filter(n => n % 4 !== 0)

  it('leaves every event once, and counts each dropped and changed one once, wherever it dies', async () => {
    const { effects } = await created().runUntilKilled()
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const world = created()
        await world.runUntilKilled({ at, phase })
        world.expireLease()
        await world.run()
        const where = `killed ${phase} ${effects[at]} (${at})`
        expect(numbers(world), where).toEqual(kept)
        expect(
          Object.values(world.taskNow().filtered ?? {}).sort((a, b) => a - b),
          where,
        ).toEqual([3, 7, 7])
      }
    }
  })

  it('leaves every event once if the rules change meanwhile', async () => {
    const { effects } = await created().runUntilKilled()
    for (const at of effects.keys()) {
      const world = created()
      await world.runUntilKilled({ at, phase: 'after' })
      world.expireLease()
      world.update({ filters: [HASHED_UUID] })
      await world.run()
      const all = numbers(world)
      expect(new Set(all).size, `killed after ${effects[at]} (${at})`).toBe(all.length)
      expect(all).toEqual(expect.arrayContaining(kept))
    }
  })
})

describe('any row of deaths, resets, new events and changed rules', () => {
  const ruleSets = [[], [NO_IP], [NO_UUID], [NO_UUID_KEY, NO_TIME], [HASHED_UUID, NO_IP]] as const
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('death' as const),
      at: fc.nat(25),
      phase: fc.constantFrom('before' as const, 'after' as const),
    }),
    fc.record({ kind: fc.constant('reset' as const) }),
    fc.record({ kind: fc.constant('events' as const), count: fc.nat(6) }),
    fc.record({ kind: fc.constant('rules' as const), filters: fc.constantFrom(...ruleSets) }),
    fc.record({ kind: fc.constant('run' as const) }),
  )

  it.each(EVENTS)('leaves every event %s in the lake once', async (_kind, events) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, pageSize) => {
          const world = ruledWorld([NO_IP], events(0, 7), pageSize)
          let total = 7
          for (const each of steps) {
            if (each.kind === 'run') await world.run()
            else if (each.kind === 'rules') world.update({ filters: each.filters })
            else if (each.kind === 'events') {
              world.eventsApi.events.push(...events(total, each.count))
              total += each.count
            } else if (each.kind === 'death') {
              await world.runUntilKilled(each)
              world.expireLease()
            } else if (world.taskNow().leaseOwner === undefined && world.taskNow().lastObjectKey)
              await reset(world)
          }
          await world.run()
          expect(numbers(world).sort((a, b) => a - b)).toEqual(upTo(total))
        },
      ),
      { numRuns: 150 },
    )
  })
})
