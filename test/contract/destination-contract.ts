import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DestinationMode, ModeOptions } from '../../infra/local/destination/modes.ts'
import type { StandIn } from '../../infra/local/destination/stand-in.ts'
import type { Destination, EventBatch } from '../../shared/destination-ports.ts'
import {
  DestinationFailure,
  type DestinationReason,
} from '../../shared/domain/destination/destination-failure.ts'
import { cutBatches } from '../../shared/domain/destination/event-batch.ts'
import type { Collector, Source } from '../../shared/domain/source/source.ts'
import { type Item, parseItem, toItemText } from '../../shared/domain/stream/item.ts'

const COLLECTOR: Collector = {
  schema: 1,
  id: 100000001,
  version: 1,
  name: 'Security',
  category: 'onepassword',
  destination: { type: 'lake' },
  fields: { team: 'blue' },
  createdAt: '2026-03-01T00:00:00.000Z',
}

const SOURCE: Source = {
  schema: 1,
  id: 100000002,
  collectorId: COLLECTOR.id,
  version: 1,
  name: '1Pass',
  fields: {},
  baseUrl: 'https://events.1password.com',
  configuredBaseUrl: 'events.1password.com',
  apis: ['sign-in'],
  startTime: '2026-02-28T00:00:00Z',
  tokenVersion: 'v1',
  createdAt: '2026-03-01T00:00:00.000Z',
}

/** A source and its collector as a destination sees them. */
export const describedSource = (collector: Partial<Collector> = {}, source: Partial<Source> = {}) => ({
  collector: { ...COLLECTOR, ...collector },
  source: { ...SOURCE, ...source },
  fieldSchema: {
    schema: 1,
    version: 1,
    fields: { team: { id: '1', enabled: true }, hidden: { id: '2', enabled: false } },
  } as const,
})

export const toItem = (json: string): Item => parseItem(Buffer.from(json))

/** An event whose text has so many bytes. */
export function eventOfSize(bytes: number, uuid = 'E1'): Item {
  const frame = `{"uuid":"${uuid}","timestamp":"2026-03-01T00:00:00Z","pad":""}`
  return toItem(frame.replace('""}', `"${'x'.repeat(bytes - frame.length)}"}`))
}

export const toBatch = (items: readonly Item[], described = describedSource()): EventBatch => ({
  items,
  api: 'sign-in',
  described,
  objectKey: 'events/api=sign-in/date=2026-03-01/100000002-1-a.ndjson.gz',
})

export interface OpenedDestination {
  readonly destination: Destination
  readonly standIn: StandIn
  /** What no error may show: the URL, the token, the key. */
  readonly secrets: readonly string[]
}

const TIMEOUT_MS = 5_000

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

async function catchFailure(work: Promise<unknown>): Promise<DestinationFailure> {
  const error: unknown = await work.then(
    () => 'no failure',
    error => error,
  )
  if (error instanceof DestinationFailure) return error
  throw new Error(`no DestinationFailure: ${inspect(error)}`)
}

/** How each misbehaviour must end, and whether the stand-in then has the events all the same. */
const MODES: Readonly<Record<Exclude<DestinationMode, 'ok'>, DestinationReason | 'taken'>> = {
  ...{ '503': 'unavailable', '500': 'unavailable', '503-taken': 'unavailable' },
  ...{ '408': 'unavailable', '429': 'unavailable', reset: 'unavailable', 'reset-taken': 'unavailable' },
  ...{ hang: 'unavailable', slow: 'taken' },
  ...{ '401': 'refused', '403': 'refused', '404': 'refused', redirect: 'redirect' },
}

const OPTIONS: ModeOptions = { delayMs: 50, retryAfter: 7 }

/** What every destination must do. */
export function destinationContract(kind: string, open: () => Promise<OpenedDestination>): void {
  describe(`destination ${kind}`, () => {
    let opened: OpenedDestination
    beforeAll(async () => {
      opened = await open()
    })
    afterEach(() => opened.standIn.setMode('ok'))
    afterAll(() => opened.standIn.close())

    const texts = (from = 0): string[] => opened.standIn.events.slice(from).map(({ text }) => text)
    /** Hands a page over as a run does. Returns what the destination has taken of it. */
    async function deliverPage(items: readonly Item[]): Promise<string[]> {
      const { destination, standIn } = opened
      const before = standIn.events.length
      for (const batch of cutBatches(items, destination.limits))
        await destination.deliver(toBatch(batch), TIMEOUT_MS)
      return texts(before)
    }

    it('has every event, in order, to the letter', async () => {
      const items = [
        toItem('{"uuid":"E1","n":1.0,"big":12345678901234567890,"e":"\\u00e9\\n\\\\"}'),
        toItem('{"uuid":"E2","s":"😀 \u2028 é","s":"twice"}'),
        toItem('{}'),
        toItem('{"_metadata":{"a":1},"uuid":"E3"}'),
      ]
      expect(await deliverPage(items)).toEqual(items.map(toItemText))
    })

    it('has every event of any page, to the letter', async () => {
      const event = fc.record({ uuid: fc.uuid(), any: fc.jsonValue() }).map(value => JSON.stringify(value))
      const page = fc.array(event, { minLength: 1, maxLength: 20 })
      await fc.assert(
        fc.asyncProperty(page, async events => {
          expect(await deliverPage(events.map(toItem))).toEqual(events)
        }),
        { numRuns: 25 },
      )
    })

    it('has a page of 1000 events and of megabytes, and no request is larger than it may be', async () => {
      const { destination, standIn } = opened
      const items = Array.from({ length: 1000 }, (_, i) => eventOfSize(4_000, `E${i}`))
      const before = standIn.requests.length
      expect(await deliverPage(items)).toEqual(items.map(toItemText))
      const requests = standIn.requests.slice(before)
      expect(requests.every(({ bytes }) => bytes <= destination.limits.maxBytes)).toBe(true)
      expect(requests.every(({ sent }) => sent <= destination.limits.maxEvents)).toBe(true)
    })

    it.each([64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 999_998, 999_999, 1_000_000, 1_000_001, 3_000_000])(
      'has an event of %i bytes whole, beside others',
      async bytes => {
        const items = [eventOfSize(100, 'A'), eventOfSize(bytes, 'B'), eventOfSize(100, 'C')]
        expect(await deliverPage(items)).toEqual(items.map(toItemText))
      },
    )

    it('uses one connection for one request after the other', async () => {
      const { standIn } = opened
      await deliverPage([eventOfSize(100)])
      const before = standIn.connections
      for (let i = 0; i < 5; i++) await deliverPage([eventOfSize(100)])
      expect(standIn.connections).toBe(before)
    })

    it.each(Object.entries(MODES))(
      'judges "%s" as %s, and acknowledges only what it has',
      async (mode, wanted) => {
        const { destination, standIn } = opened
        standIn.setMode(mode as DestinationMode, OPTIONS)
        const before = standIn.events.length
        const items = [eventOfSize(100, 'A'), eventOfSize(100, 'B')]
        const delivering = destination.deliver(toBatch(items), 500)
        if (wanted === 'taken') {
          await delivering
          expect(texts(before)).toEqual(items.map(toItemText))
          return
        }
        const { fact, retryAfterMs } = await catchFailure(delivering)
        expect(fact.reason).toBe(wanted)
        expect(retryAfterMs).toBe(mode === '429' ? 7_000 : 0)
      },
    )

    it('takes events again after each misbehaviour', async () => {
      for (const mode of Object.keys(MODES) as DestinationMode[]) {
        opened.standIn.setMode(mode, { ...OPTIONS, times: 1 })
        await opened.destination.deliver(toBatch([eventOfSize(100)]), 500).catch(() => undefined)
        expect(await deliverPage([eventOfSize(100, mode)])).toEqual([toItemText(eventOfSize(100, mode))])
      }
    })

    it('is unavailable if nobody listens', async () => {
      const other = await open()
      await other.standIn.close()
      const failure = await catchFailure(other.destination.deliver(toBatch([eventOfSize(100)]), TIMEOUT_MS))
      expect(failure.fact.reason).toBe('unavailable')
    })

    it('shows no secret in any error, and names each secret that may not be shown', async () => {
      const { destination, standIn, secrets } = opened
      expect(destination.secrets.length).toBeGreaterThan(0)
      for (const mode of Object.keys(MODES) as DestinationMode[]) {
        standIn.setMode(mode, OPTIONS)
        const error: unknown = await destination
          .deliver(toBatch([eventOfSize(100)]), 200)
          .catch(error => error)
        const shown = inspect(error, { depth: null, showHidden: true })
        for (const secret of secrets) expect(shown).not.toContain(secret)
      }
    })

    it('needs no more memory for sixty pages than for five', async () => {
      const items = Array.from({ length: 200 }, (_, i) => eventOfSize(5_000, `E${i}`))
      const use = async (pages: number): Promise<number> => {
        for (let i = 0; i < pages; i++) await opened.destination.deliver(toBatch(items), TIMEOUT_MS)
        ;(opened.standIn.events as unknown[]).splice(0)
        collectGarbage()
        return process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
      }
      const before = await use(5)
      expect((await use(60)) - before).toBeLessThan(10_000_000)
    })
  })
}
