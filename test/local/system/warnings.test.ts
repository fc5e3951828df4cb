import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import { filesBelow } from '../../support/folders.ts'
import { type LocalSystem, localSystem, type RegisteredIds } from '../../support/local-system.ts'

const DAY_MS = 86_400_000
const EXPIRES = '2026-03-24T18:00:00.000Z'

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = `${part({ alg: 'ES256' })}.${part({ exp: Date.parse(EXPIRES) / 1000 })}.c2lnbmF0dXJl`

interface Listed {
  readonly data: readonly Pick<HealthEvent, 'eventName' | 'severityLevel' | 'details'>[]
}

let system: LocalSystem
let source: RegisteredIds

beforeAll(async () => {
  system = await localSystem({
    clock: createClock({ startMs: Date.parse('2026-03-04T18:00:00Z'), speed: 100 }),
    account: { token, days: 1, eventsPerDay: 5, rateLimits: { perMinute: 100_000, perHour: 1_000_000 } },
  })
  source = await system.registerSource({ supported_apis: ['sign-in'] })
  await system.stage.idle()
}, 120_000)

afterAll(() => system.close())

function logged(): HealthEvent[] {
  const file = join(system.dataDir, 'logs', 'health.jsonl')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return lines.filter(line => line !== '').map(line => JSON.parse(line).detail)
}

const unresolved = async () => (await system.call<Listed>('GET', 'healthEvents')).data

async function tickAfter(days: number): Promise<void> {
  system.clock.advance(days * DAY_MS)
  await system.tick()
}

it('warns about a token 14 days and 3 days before it expires; the source stays well and no alarm goes off', async () => {
  await tickAfter(5)
  expect(await unresolved()).toEqual([])
  await tickAfter(2)
  expect(await unresolved()).toMatchObject([
    {
      eventName: 'TokenExpiryWarning',
      severityLevel: 'Warning',
      details: {
        trackerId: 'TokenExpiryWarning/sign-in',
        description: expect.stringContaining(EXPIRES),
      },
    },
  ])
  await tickAfter(10.5)
  expect(logged().map(({ status }) => status)).toEqual(['UnHealthy', 'Healthy', 'UnHealthy'])
  expect((await unresolved())[0]?.details.description).toContain('within 3 days')
  const { collectorId, sourceId } = source
  const { source: shown } = await system.call<{ source: object }>(
    'GET',
    `collectors/${collectorId}/sources/${sourceId}`,
  )
  expect(shown).toMatchObject({ alive: true, state: { state: 'Collecting' } })
  expect(filesBelow(join(system.dataDir, 'topics'))).toEqual([])
})

it('closes the warning when the source is deleted', async () => {
  await system.call('DELETE', `collectors/${source.collectorId}/sources/${source.sourceId}`)
  await system.stage.idle()
  expect(await unresolved()).toEqual([])
  expect(logged().at(-1)).toMatchObject({ status: 'Healthy', severityLevel: 'Warning' })
  expect(system.notices).toEqual([])
  expect(JSON.stringify(logged())).not.toContain(token)
})
