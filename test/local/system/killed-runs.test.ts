import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APIS } from '../../../shared/contract/apis.ts'
import { forwardingProxy } from '../../support/forwarding-proxy.ts'
import {
  type LocalSystem,
  lakeLines,
  localSystem,
  toReceivedEvent,
  wholeSecond,
} from '../../support/local-system.ts'

type Phase = 'before' | 'after'

const API = 'sign-in'
const NOW = Date.parse('2026-03-04T18:00:00Z')

/** Every step that collect takes outside itself, in order, and the one at which its thread is ended. */
const watch = { steps: [] as string[], killAt: undefined as { step: number; phase: Phase } | undefined }

let system: LocalSystem
let proxy: Awaited<ReturnType<typeof forwardingProxy>>

/** Numbers a step when it begins; ends the thread if it is the one, then or when the step is done. */
function stepper() {
  const begun = new Map<number, number>()
  return async (id: number, name: string, phase: Phase): Promise<void> => {
    if (phase === 'before') begun.set(id, watch.steps.push(name) - 1)
    if (watch.killAt?.phase !== phase || watch.killAt.step !== begun.get(id)) return
    watch.killAt = undefined
    await system.stage.kill('collect')
  }
}

beforeAll(async () => {
  const call = stepper()
  const request = stepper()
  system = await localSystem({
    clock: createClock({ startMs: NOW }),
    account: { days: 1, eventsPerDay: 160, rateLimits: { perMinute: 100_000, perHour: 1_000_000 } },
    context: { pageSize: 40 },
    intercept: async ({ functionName, service, action, sequence }, phase) => {
      if (functionName.includes('Collect')) await call(sequence, `${service}:${action}`, phase)
      return undefined
    },
  })
  proxy = await forwardingProxy(system.account.url, request)
}, 120_000)

afterAll(async () => {
  await proxy.close()
  await system.close()
})

/** A new source whose first run is killed at a step; answers the steps of that run. */
async function killedRun(killAt?: { step: number; phase: Phase }) {
  watch.steps = []
  watch.killAt = killAt
  const startTime = wholeSecond(system.clock.now() - 86_400_000)
  const ids = await system.registerSource({
    supported_apis: [API],
    start_time: startTime,
    base_url: proxy.url,
  })
  await system.stage.idle()
  const struck = watch.killAt === undefined
  watch.killAt = undefined
  return { ...ids, startTime, steps: watch.steps, struck }
}

function expectEveryEventOnce(sourceId: number, startTime: string, where: string): void {
  const expected = [...system.account.events(APIS[API].feature, startTime)].sort()
  expect(lakeLines(system.dataDir, API, sourceId).map(toReceivedEvent).sort(), where).toEqual(expected)
}

/** Kills a first run at a step and lets the system find out. Answers the step's name, undefined if the run ended before it. */
async function surviveKill(step: number, phase: Phase): Promise<string | undefined> {
  const { steps, struck, startTime, ...ids } = await killedRun({ step, phase })
  const where = `killed ${phase} ${steps[step]} (step ${step})`
  // The retry state machine hears of the death and collects again after a minute.
  system.clock.advance(61_000)
  await system.stage.idle()
  await system.stage.invoke('collect', { detail: { ...ids, api: API, reason: 'tick' } })
  expectEveryEventOnce(ids.sourceId, startTime, where)
  expect(await system.stateOf(ids), where).toEqual({ state: 'Collecting' })
  return struck ? steps[step] : undefined
}

describe('a run of the real bundle whose thread is ended', () => {
  it.each(['before', 'after'] as const)(
    '%s any of its steps leaves every event exactly once to the next run',
    async phase => {
      const survived: string[] = []
      for (let step = 0; ; step++) {
        const name = await surviveKill(step, phase)
        if (name === undefined) break
        survived.push(name)
      }
      expect(survived.filter(name => name === 's3:PutObject').length).toBeGreaterThan(2)
      expect(new Set(survived)).toEqual(
        new Set([
          'dynamodb:BatchGetItem',
          'dynamodb:GetItem',
          'dynamodb:UpdateItem',
          'secretsmanager:GetSecretValue',
          '/api/v2/auth/introspect',
          '/api/v2/signinattempts',
          's3:PutObject',
        ]),
      )
    },
    120_000,
  )
})
