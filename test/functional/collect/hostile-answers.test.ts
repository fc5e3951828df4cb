import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toTaskItem } from '../../../shared/adapters/task-attributes.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../../shared/ports.ts'
import { collectWorld } from '../../support/collect-world.ts'
import { examples } from '../../support/examples.ts'
import { answered } from '../../support/fakes/events-api.ts'
import { itemBytes } from '../../support/item-size.ts'

const MAX_ITEM_BYTES = 400 * 1024

const size = fc.constantFrom(0, 1, 208, 21_845, 65_536, 65_537, 500_000)
const character = fc.constantFrom('c', 'é', '漢', '😀')
const text = fc.tuple(size, character).map(([length, one]) => one.repeat(length))

/** Any text may be in any place of an answer, and be as long as it likes. */
const page = fc
  .record({
    cursor: text,
    has_more: fc.boolean(),
    items: fc.array(
      fc.record({ uuid: text, timestamp: fc.oneof(text, fc.constant('2026-02-28T00:00:00Z')) }),
      {
        maxLength: 2,
      },
    ),
  })
  .map(value => answered(JSON.stringify(value)))

const error = fc
  .record({ status: fc.constantFrom(302, 400, 401, 403, 404, 429, 500), body: text })
  .map(({ status, body }): EventsApiAnswer => ({ status, body: Buffer.from(body) }))

const introspection = fc
  .record({ features: fc.array(text, { maxLength: 3 }), account_uuid: text })
  .map(value => answered(JSON.stringify({ ...value, features: [...value.features, 'signinattempts'] })))

const many = fc.constant(
  answered(JSON.stringify({ features: Array.from({ length: 40_000 }, (_, i) => `feature-number-${i}`) })),
)

it('keeps a task within one item of DynamoDB, whatever 1Password answers', {
  tags: ['long'],
  timeout: 120_000,
}, async () => {
  const pages = fc.array(fc.oneof(page, error), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.oneof(introspection, many), pages, async (introspected, answers) => {
      const world = collectWorld()
      let asked = 0
      world.eventsApi.answering = ({ method }: EventsApiCall) =>
        method === 'GET' ? introspected : answers[asked++ % answers.length]
      for (let run = 0; run < 3; run++) {
        await world.run()
        world.clock.advance(300_000)
        expect(itemBytes(toTaskItem(world.taskNow()))).toBeLessThan(MAX_ITEM_BYTES)
      }
    }),
    { numRuns: examples(40) },
  )
})
