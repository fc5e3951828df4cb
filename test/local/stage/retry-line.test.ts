import type { ExecutionEvent } from 'aws-emulator'
import { expect, test } from 'vitest'
import { createConsole } from '../../../infra/local/console.ts'
import { RUN_ENDED } from '../../../shared/contract/log-messages.ts'
import type { RetryAnswer } from '../../../shared/contract/retry.ts'

function aConsole() {
  const lines: string[] = []
  const view = createConsole({
    print: line => lines.push(line.replace(/ {2,}/g, ' ')),
    now: () => 0,
    idle: async () => {},
    colours: false,
  })
  const entered = (stateType: string, answer: RetryAnswer, type: ExecutionEvent['type'] = 'StateEntered') =>
    view.execution({
      ...{ time: '2026-01-01T12:00:00.000Z', type, state: 'any', stateType },
      input: { collectorId: 1, sourceId: 2, api: 'itemUsage', episode: 'e', answer },
    })
  return { lines, view, entered }
}

const WAITS: RetryAnswer = {
  outcome: 'retry',
  nextRetry: '2026-01-01T12:05:00.000Z',
  deadline: '2026-01-01T13:30:00.000Z',
  attempts: 3,
}

test('prints each wait, and how it ends', () => {
  const { lines, entered } = aConsole()
  entered('Choice', WAITS)
  entered('Wait', WAITS)
  entered('Wait', WAITS, 'StateExited')
  entered('Wait', { ...WAITS, attempts: 1 })
  entered('Succeed', { outcome: 'recovered' })
  entered('Succeed', { outcome: 'taken' })
  entered('Fail', { outcome: 'quit', error: 'ThirdPartyGenericError', cause: '503' })
  expect(lines).toEqual([
    '00:00:00Z retry source 2 Item Usage waits until 12:05:00Z (3 failed runs, gives up at 13:30:00Z)',
    '00:00:00Z retry source 2 Item Usage waits until 12:05:00Z (1 failed run, gives up at 13:30:00Z)',
    '00:00:00Z retry source 2 Item Usage recovered',
    '00:00:00Z retry source 2 Item Usage given up: ThirdPartyGenericError: 503',
  ])
})

test('uses the name of a source that its runs have logged', () => {
  const { lines, view, entered } = aConsole()
  const run = { message: RUN_ENDED, sourceId: 2, api: 'itemUsage', outcome: 'failed', sourceName: 'Acme' }
  view.log({ functionName: 'collect', record: { ...run, events: 0, pages: 0 } })
  entered('Succeed', { outcome: 'recovered' })
  expect(lines.at(-1)).toBe('00:00:00Z retry Acme Item Usage recovered')
})
