import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_NAMES, APIS, type Api } from '../../../shared/contract/apis.ts'
import { filesBelow, temporaryDirectory } from '../../support/folders.ts'
import {
  type LocalSystem,
  lakeLines,
  localSystem,
  type RegisteredIds,
  toReceivedEvent,
  wholeSecond,
} from '../../support/local-system.ts'
import { decompressed } from '../../support/object-lines.ts'

const NOW = Date.parse('2026-03-04T18:00:00Z')
const ACCOUNT = { days: 2, eventsPerDay: 15_000, anchorMs: NOW }
const directory = temporaryDirectory()

let system: LocalSystem
let source: RegisteredIds
let startTime: string

const kept = { dataDir: directory.path }

beforeAll(async () => {
  system = await localSystem({ ...kept, clock: createClock({ startMs: NOW }), account: ACCOUNT })
  startTime = wholeSecond(system.clock.now() - 2 * 86_400_000)
  source = await system.registerSource({
    start_time: startTime,
    name: 'Whole',
    fields: { team: 'red', stage: 'é' },
  })
  await system.stage.idle()
}, 120_000)

afterAll(async () => {
  await system.close()
  directory.remove()
})

/**
 * Returns two sorted lists: the account's events from the begin of the window until a moment, and those of them in the
 * lake.
 */
function compared(api: Api, untilMs: number) {
  const isBefore = (item: string): boolean => Date.parse(JSON.parse(item).timestamp) <= untilMs
  const expected = [...system.account.events(APIS[api].feature, startTime)].filter(isBefore).sort()
  const received = lakeLines(system.dataDir, api, source.sourceId)
    .map(toReceivedEvent)
    .filter(isBefore)
    .sort()
  return { expected, received }
}

describe('the system on one machine', () => {
  it.each(API_NAMES)('collects every event of %s once, token for token', api => {
    const { expected, received } = compared(api, NOW)
    expect(expected.length).toBeGreaterThan(20_000)
    expect(received).toEqual(expected)
  })

  it('adds _metadata to every line', () => {
    const lines = API_NAMES.flatMap(api =>
      lakeLines(system.dataDir, api, source.sourceId).map(line => ({ api, line })),
    )
    for (const { api, line } of lines) {
      expect(JSON.parse(line)._metadata).toEqual({
        collector: expect.stringMatching(/^Local/),
        source: 'Whole',
        sourceCategory: 'test',
        fields: { team: 'red', stage: 'é' },
        api,
      })
    }
  })

  it('shows the source as Collecting', async () => {
    expect(await system.stateOf(source)).toEqual({ state: 'Collecting' })
  })

  it('has no function error, no dead letter and no refused call', () => {
    expect(system.notices).toEqual([])
  })

  it('keeps the token and the access key in no file but those of the secrets', () => {
    const { token } = system.account
    const accessKey = system.stage.accessKey?.accessKey ?? ''
    expect(accessKey).toMatch(/^\w{48}$/)
    const holders = filesBelow(system.dataDir).filter(file => {
      const content = decompressed(file, readFileSync(file)).toString('latin1')
      return content.includes(token) || content.includes(accessKey)
    })
    expect(holders.map(file => basename(file)).sort()).toEqual(['access-key.json', 'secrets.json'])
  })

  it('lets one of two runs of a task that start together collect, and delivers nothing twice', async () => {
    const task = { ...source, api: 'sign-in', reason: 'tick' }
    system.clock.advance(3600_000)
    const untilMs = system.clock.now()
    const runs = await Promise.all([1, 2].map(() => system.stage.invoke('collect', { detail: task })))
    expect(runs.map(({ payload }) => JSON.parse(payload).outcome).sort()).toEqual(['busy', 'drained'])
    const { expected, received } = compared('sign-in', untilMs)
    expect(received).toEqual(expected)
  })

  it('adds only what is new when it starts again with the same data', async () => {
    const before = API_NAMES.flatMap(api => lakeLines(system.dataDir, api, source.sourceId)).length
    const { clock, account } = system
    await system.stage.close()
    await account.close()
    clock.advance(3 * 3600_000)
    system = await localSystem({
      ...kept,
      clock,
      account: { ...ACCOUNT, port: account.port, token: account.token },
    })
    const untilMs = clock.now()
    await system.tick()
    expect(system.runs.map(({ outcome }) => outcome)).toEqual(['drained', 'drained', 'drained'])
    const fresh = system.runs.reduce((sum, { events }) => sum + events, 0)
    for (const api of API_NAMES) {
      const { expected, received } = compared(api, untilMs)
      expect(received).toEqual(expected)
    }
    expect(API_NAMES.flatMap(api => lakeLines(system.dataDir, api, source.sourceId))).toHaveLength(
      before + fresh,
    )
    expect(fresh).toBeGreaterThan(0)
  }, 60_000)
})
