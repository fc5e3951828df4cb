import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APIS, type Api } from '../../../shared/contract/apis.ts'
import { filesBelow } from '../../support/folders.ts'
import {
  type LocalSystem,
  lakeLines,
  localSystem,
  type RegisteredIds,
  toReceivedEvent,
  wholeSecond,
} from '../../support/local-system.ts'

const NOW = Date.parse('2026-03-04T18:00:00Z')
const HOUR_MS = 3_600_000

interface SourceEntity {
  readonly source: {
    readonly id: number
    readonly config: Record<string, unknown>
    readonly state: { state: string }
  }
}

interface TaskList {
  readonly tasks: readonly { readonly reached: Readonly<Record<string, string>> }[]
}

let system: LocalSystem

beforeAll(async () => {
  system = await localSystem({
    clock: createClock({ startMs: NOW }),
    account: { days: 2, eventsPerDay: 200, anchorMs: NOW },
  })
}, 120_000)

afterAll(() => system.close())

const toPath = ({ collectorId, sourceId }: RegisteredIds): string =>
  `collectors/${collectorId}/sources/${sourceId}`

async function update(ids: RegisteredIds, change: Record<string, unknown>): Promise<void> {
  const { body, etag } = await system.read<SourceEntity>(toPath(ids))
  const entity = { source: { ...body.source, config: { ...body.source.config, ...change } } }
  await system.call('PUT', toPath(ids), entity, { 'if-match': etag })
  await system.stage.idle()
}

function expectEveryEventOnce(
  { sourceId }: RegisteredIds,
  api: Api,
  startTime: string,
  untilMs: number,
): void {
  const isBefore = (item: string): boolean => Date.parse(JSON.parse(item).timestamp) <= untilMs
  const expected = [...system.account.events(APIS[api].feature, startTime)].filter(isBefore).sort()
  expect(lakeLines(system.dataDir, api, sourceId).map(toReceivedEvent).filter(isBefore).sort()).toEqual(
    expected,
  )
}

describe('a source on the running system', () => {
  it('is created, updated, restarted and deleted, and delivers every event once throughout', async () => {
    const startTime = wholeSecond(system.clock.now() - 24 * HOUR_MS)
    const ids = await system.registerSource({ supported_apis: ['sign-in'], start_time: startTime })
    await system.stage.idle()

    await update(ids, {
      name: 'Renamed',
      supported_apis: ['sign-in', 'auditEvents'],
      fields: { team: 'red' },
    })
    await system.stage.idle()
    expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })
    expectEveryEventOnce(ids, 'auditEvents', startTime, NOW)

    await update(ids, { supported_apis: ['auditEvents'] })
    system.clock.advance(2 * HOUR_MS)
    await system.tick()
    await update(ids, { supported_apis: ['sign-in', 'auditEvents'] })
    system.clock.advance(HOUR_MS)
    const untilMs = system.clock.now()
    await system.tick()
    expectEveryEventOnce(ids, 'sign-in', startTime, untilMs)
    expectEveryEventOnce(ids, 'auditEvents', startTime, untilMs)

    await system.call('POST', `${toPath(ids)}/action/restart`)
    await system.stage.idle()
    expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })

    const lines = lakeLines(system.dataDir, 'sign-in', ids.sourceId).length
    await system.call('DELETE', toPath(ids))
    await system.stage.idle()
    await expect(system.stateOf(ids)).rejects.toThrow('404')
    expect(lakeLines(system.dataDir, 'sign-in', ids.sourceId)).toHaveLength(lines)
    expect(system.notices).toEqual([])
  })

  it('with a refused token is well again with a new one', async () => {
    const ids = await system.registerSource({ supported_apis: ['itemUsage'], api_token: 'not-the-token' })
    await system.stage.idle()
    expect(await system.stateOf(ids)).toMatchObject({
      state: 'Error',
      errorType: 'THIRD-PARTY-CONFIG',
      errorCode: 401,
    })
    const { body: refused } = await system.read<TaskList>(`${toPath(ids)}/tasks`)
    expect(refused.tasks).toMatchObject([
      {
        api: 'itemUsage',
        state: 'Error',
        events: 0,
        error: { type: 'THIRD-PARTY-CONFIG', code: 401, info: expect.stringContaining('Update api_token') },
      },
    ])
    await update(ids, { api_token: system.account.token })
    expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })
    const { body: well } = await system.read<TaskList>(`${toPath(ids)}/tasks`)
    const [task] = well.tasks
    const steps = ['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting'] as const
    const times = steps.map(step => Date.parse(task?.reached[step] ?? ''))
    expect(times.every(time => time >= NOW)).toBe(true)
    expect(times.toSorted((a, b) => a - b)).toEqual(times)
    const lines = lakeLines(system.dataDir, 'itemUsage', ids.sourceId).length
    expect(task).toMatchObject({ state: 'Collecting', events: lines, lateEvents: 0 })
    expect(Object.keys(task?.reached ?? {})).not.toContain('Error')
  })

  it('refused for a missing feature is well again after a restart', async () => {
    system.account.setFeatures(['signinattempts'])
    const ids = await system.registerSource({ supported_apis: ['itemUsage'] })
    await system.stage.idle()
    expect(await system.stateOf(ids)).toMatchObject({
      state: 'Error',
      errorInfo: expect.stringContaining('itemusages'),
    })
    system.account.setFeatures(Object.values(APIS).map(({ feature }) => feature))
    await system.tick()
    expect(await system.stateOf(ids)).toMatchObject({ state: 'Error' })
    await system.call('POST', `${toPath(ids)}/action/restart`)
    await system.stage.idle()
    expect(await system.stateOf(ids)).toEqual({ state: 'Collecting' })
  })

  it('is deleted with its collector, and so is its secret', async () => {
    const ids = await system.registerSource()
    await system.stage.idle()
    await system.call('DELETE', `collectors/${ids.collectorId}`)
    await system.stage.idle()
    await expect(system.stateOf(ids)).rejects.toThrow('404')
    const { token } = system.account
    const secrets = filesBelow(system.dataDir).filter(file => file.endsWith('secrets.json'))
    expect(secrets).toHaveLength(1)
    expect(JSON.stringify(await system.secretsText())).not.toContain(token)
  })
})
