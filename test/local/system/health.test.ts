import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { APIS } from '../../../shared/contract/apis.ts'
import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import { filesBelow } from '../../support/folders.ts'
import { type LocalSystem, localSystem, type RegisteredIds } from '../../support/local-system.ts'

const BROKEN = 'auditEvents'
const LATER_MS = 20 * 60_000

interface Listed {
  readonly data: readonly { readonly eventId: string; readonly eventName: string; readonly status?: string }[]
  readonly next?: string
}

let system: LocalSystem
let source: RegisteredIds
const opened = { name: 'ThirdPartyGenericError', tracker: 'ThirdPartyGenericError/auditEvents' }

beforeAll(async () => {
  system = await localSystem({
    clock: createClock({ startMs: Date.parse('2026-03-04T18:00:00Z'), speed: 100 }),
    account: { days: 1, eventsPerDay: 60, rateLimits: { perMinute: 100_000, perHour: 1_000_000 } },
  })
  source = await system.registerSource({ name: 'Whole' })
  await system.stage.idle()
}, 120_000)

afterAll(() => system.close())

const readLines = (file: string): string[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(line => line !== '')
    : []

const logged = (): HealthEvent[] =>
  readLines(join(system.dataDir, 'logs', 'health.jsonl')).map(line => JSON.parse(line).detail)

const sentToTopic = (): string[] =>
  filesBelow(join(system.dataDir, 'topics'))
    .flatMap(readLines)
    .map(line => JSON.parse(line).message)

const sentence = ({ status, resourceIdentity: of, details, eventTime, eventName }: HealthEvent): string =>
  `${status}: source ${of.name} of collector ${of.collectorName}, ${details.error}, at ${eventTime} (${eventName}). ${details.description}`

const unresolved = () => system.call<Listed>('GET', 'healthEvents')

const historyPath = (): string => `collectors/${source.collectorId}/sources/${source.sourceId}/healthEvents`

async function tickLater(): Promise<void> {
  system.clock.advance(LATER_MS)
  await system.tick()
}

it('publishes nothing while there is no trouble', async () => {
  await tickLater()
  expect(logged()).toEqual([])
  expect(await unresolved()).toEqual({ data: [] })
})

it('publishes an outage of one API once, however long it lasts, and the others stay healthy', async () => {
  system.account.setMode('503', { feature: APIS[BROKEN].feature })
  for (let i = 0; i < 3; i++) await tickLater()
  expect(logged()).toMatchObject([
    {
      status: 'UnHealthy',
      eventName: opened.name,
      details: { trackerId: opened.tracker, api: BROKEN, errorCode: '503' },
      resourceIdentity: { name: 'Whole', type: 'SourceResource' },
    },
  ])
  expect(sentToTopic()).toEqual(logged().map(sentence))
  const [event] = logged()
  const listed = await unresolved()
  expect(listed.data).toMatchObject([{ eventId: event?.eventId, details: { trackerId: opened.tracker } }])
  const { id } = event?.resourceIdentity ?? {}
  const resources = { data: [{ id, type: 'Source' }] }
  expect(await system.call('POST', 'healthEvents/resources', resources)).toEqual(listed)
  const others = { data: [{ id: '1', type: 'Source' }] }
  expect(await system.call('POST', 'healthEvents/resources', others)).toEqual({ data: [] })
})

it('publishes the recovery, and has both events in the history', async () => {
  system.account.setMode('ok', { feature: APIS[BROKEN].feature })
  await tickLater()
  await tickLater()
  expect(logged().map(({ status }) => status)).toEqual(['UnHealthy', 'Healthy'])
  expect(logged()[1]?.details.trackerId).toBe(opened.tracker)
  expect(sentToTopic()).toEqual(logged().map(sentence))
  expect(await unresolved()).toEqual({ data: [] })
  const first = await system.call<Listed>('GET', `${historyPath()}?limit=1`)
  expect(first.data).toMatchObject([{ status: 'Healthy', eventName: 'TrackerHealthy' }])
  const second = await system.call<Listed>('GET', `${historyPath()}?limit=1&token=${first.next}`)
  expect(second.data).toMatchObject([{ status: 'UnHealthy', eventName: opened.name }])
  expect(second).not.toHaveProperty('next')
})

it('closes open health events when the source is deleted', async () => {
  system.account.setMode('401', { feature: APIS[BROKEN].feature })
  await tickLater()
  expect((await unresolved()).data).toHaveLength(1)
  await system.call('DELETE', `collectors/${source.collectorId}/sources/${source.sourceId}`)
  await system.stage.idle()
  expect(await unresolved()).toEqual({ data: [] })
  expect(logged().map(({ status }) => status)).toEqual(['UnHealthy', 'Healthy', 'UnHealthy', 'Healthy'])
  expect(logged().at(-1)?.details.description).toContain('deleted')
})

it('has no function error, no dead letter and no token in its events', () => {
  expect(system.notices).toEqual([])
  expect(JSON.stringify([logged(), sentToTopic()])).not.toContain(system.account.token)
})
