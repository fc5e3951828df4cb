import { createClock } from 'aws-emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MODE_NAMES, type ModeName } from '../../../infra/local/account/events-api/misbehaviours.ts'
import { APIS } from '../../../shared/contract/apis.ts'
import {
  type LocalSystem,
  lakeLines,
  localSystem,
  toReceivedEvent,
  wholeSecond,
} from '../../support/local-system.ts'

const API = 'auditEvents'
const { feature } = APIS[API]
const NOW = Date.parse('2026-03-04T18:00:00Z')
const HEALTHY = { state: 'Collecting' }

const passing = (errorCode: number, text: string) => ({
  state: 'Error',
  errorType: 'THIRD-PARTY-GENERIC',
  errorCode,
  errorInfo: expect.stringContaining(text),
})

const final = (errorCode: number, text: string) => ({
  state: 'Error',
  errorType: 'THIRD-PARTY-CONFIG',
  errorCode,
  errorInfo: expect.stringContaining(text),
})

/** What a source shows while the account misbehaves in this mode. */
const SHOWN: Record<ModeName, object> = {
  ok: HEALTHY,
  '401': passing(401, '{"Error":{"Message":"Unauthorized"}} — 1Password takes the same API token'),
  '401-html': passing(401, 'A firewall or proxy has answered in the place of 1Password'),
  '403': final(403, '{"Error":{"Message":"Forbidden"}}'),
  '403-html': passing(403, 'A firewall or proxy has answered in the place of 1Password'),
  '404': final(404, '404 page not found'),
  '404-html': passing(404, 'A firewall or proxy has answered in the place of 1Password'),
  '408': passing(408, '{"Error":{"Message":"Request Timeout"}}'),
  '429': passing(429, '429'),
  '429-bare': passing(429, '429'),
  '500': passing(500, '{"Error":{"Message":"Internal Server Error"}}'),
  '502': passing(502, 'no such request: Authorization: Bearer'),
  '503': passing(503, 'upstream connect error'),
  hang: passing(0, 'no answer within 20 seconds'),
  slow: HEALTHY,
  cut: passing(0, 'the connection broke off'),
  reset: passing(0, 'the connection was reset'),
  'not-json': passing(200, 'not JSON'),
  'half-json': passing(200, 'not JSON'),
  'not-a-page': passing(200, 'not a page of events'),
  'empty-has-more': HEALTHY,
  'same-cursor': passing(200, 'the cursor it was asked with'),
  'empty-pages': passing(200, 'requests in a row without an event'),
  spaced: HEALTHY,
  // The retry of the run is refused too, and begins anew.
  'refused-cursors': HEALTHY,
  'refused-cursors-all': passing(400, 'counts only if the next run is refused too'),
  late: HEALTHY,
  'late-behind': HEALTHY,
  'bad-items': HEALTHY,
  sparse: HEALTHY,
}

const FINAL = MODE_NAMES.filter(mode => JSON.stringify(SHOWN[mode]).includes('THIRD-PARTY-CONFIG'))

let system: LocalSystem

beforeAll(async () => {
  system = await localSystem({
    // Twenty seconds of a time-out pass in 200 ms.
    clock: createClock({ startMs: NOW, speed: 100 }),
    account: { days: 1, eventsPerDay: 60, rateLimits: { perMinute: 100_000, perHour: 1_000_000 } },
    context: { pageSize: 25 },
  })
}, 120_000)

afterAll(() => system.close())

/** A source that has collected, while the account is well, all there was. */
async function collectingSource() {
  const startTime = wholeSecond(system.clock.now() - 86_400_000)
  const ids = await system.registerSource({ supported_apis: [API], start_time: startTime })
  await system.stage.idle()
  expect(await system.stateOf(ids)).toEqual(HEALTHY)
  return { ...ids, startTime }
}

async function collect(ids: object): Promise<void> {
  await system.stage.invoke('collect', { detail: { ...ids, api: API, reason: 'tick' } })
  await system.stage.idle()
}

function eventsUntil(sourceId: number, startTime: string, untilMs: number) {
  const isBefore = (item: string): boolean => Date.parse(JSON.parse(item).timestamp) <= untilMs
  const expected = [...system.account.events(feature, startTime)].filter(isBefore).sort()
  const received = lakeLines(system.dataDir, API, sourceId).map(toReceivedEvent).filter(isBefore).sort()
  return { expected, received }
}

function everyEventOnce(mode: ModeName, { expected, received }: ReturnType<typeof eventsUntil>): void {
  expect(new Set(received).size).toBe(received.length)
  // A cursor does not find an event that appears later with a time before the cursor.
  if (mode === 'late-behind') expect(expected).toEqual(expect.arrayContaining(received))
  else expect(received).toEqual(expected)
}

afterEach(() => system.account.setMode('ok', { feature }))

describe('a source whose account', () => {
  it.each(MODE_NAMES)(
    'misbehaves in mode %s shows the error, and has every event once when the account is well again',
    async mode => {
      const { startTime, ...ids } = await collectingSource()
      system.clock.advance(6 * 3600_000)
      system.account.setMode(mode, { feature, delayMs: 30, retryAfter: 7 })
      system.clock.advance(3600_000)
      await collect(ids)
      // A refused cursor counts in the second run, which comes by itself.
      if (mode.startsWith('refused-cursors')) {
        await expect.poll(() => system.stateOf(ids), { timeout: 20_000 }).toEqual(SHOWN[mode])
      } else expect(await system.stateOf(ids)).toEqual(SHOWN[mode])

      system.account.setMode('ok', { feature })
      system.clock.advance(3600_000)
      const untilMs = system.clock.now()
      const asked = system.account.requests.length
      await collect(ids)
      if (FINAL.includes(mode)) {
        expect(system.account.requests).toHaveLength(asked)
        expect(await system.stateOf(ids)).toEqual(SHOWN[mode])
      } else {
        expect(await system.stateOf(ids)).toEqual(HEALTHY)
        everyEventOnce(mode, eventsUntil(ids.sourceId, startTime, untilMs))
      }
    },
  )
})
