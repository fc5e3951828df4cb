import { expect, it } from 'vitest'
import { runMetrics, stepMetrics } from '../../../functions/collect/metrics.ts'
import type { RunReport } from '../../../shared/contract/log-messages.ts'
import type { RetryRequest } from '../../../shared/contract/retry.ts'

const REPORT: RunReport = {
  ...{ collectorId: 1, sourceId: 2, api: 'sign-in', outcome: 'drained' },
  ...{ pages: 2, events: 30, lateEvents: 4, durationMs: 5 },
}

it('a run counts its pages, events and late events', () => {
  expect(runMetrics(REPORT)).toStrictEqual({ pages: 2, events: 30, lateEvents: 4 })
})

it('a run counts what it could not read', () => {
  expect(runMetrics({ ...REPORT, unreadable: 3 })).toMatchObject({ unreadable: 3 })
  expect(runMetrics({ ...REPORT, unreadable: 0 })).not.toHaveProperty('unreadable')
})

it('a run counts what it has handed to a destination, again, and what that has refused', () => {
  const counts = { handedOver: 5, handedOverAgain: 2, refused: 1 }
  expect(runMetrics({ ...REPORT, ...counts })).toMatchObject({
    handedOver: 5,
    handedOverAgain: 2,
    handOverRefused: 1,
  })
  const none = runMetrics({ ...REPORT, handedOver: 0, handedOverAgain: 0, refused: 0 })
  expect(Object.keys(none)).toEqual(['events', 'pages', 'lateEvents'])
})

it.each([
  ['ThirdPartyConfig', 'failuresThirdPartyConfig'],
  ['ThirdPartyGeneric', 'failuresThirdPartyGeneric'],
  ['FirstPartyGeneric', 'failuresFirstPartyGeneric'],
])('a run that failed by %s counts as %s', (type, metric) => {
  const failed = { ...REPORT, outcome: 'failed', error: { type, code: 1, info: 'x' } } as const
  expect(runMetrics(failed)).toStrictEqual({ pages: 2, events: 30, lateEvents: 4, [metric]: 1 })
})

const REQUEST: RetryRequest = {
  ...{ collectorId: 1, sourceId: 2, api: 'sign-in' },
  ...{ step: 'collect', episode: 'e', execution: 'x' },
}

it('a step of the state machine counts if it makes a run, and if it gives the task up', () => {
  expect(stepMetrics(REQUEST, { outcome: 'recovered' })).toEqual({ retries: 1, quits: 0 })
  const quit = { outcome: 'quit', attempts: 1, deadline: 'd', error: 'e', cause: 'c' } as const
  expect(stepMetrics({ ...REQUEST, step: 'died' }, quit)).toEqual({ retries: 0, quits: 1 })
})
