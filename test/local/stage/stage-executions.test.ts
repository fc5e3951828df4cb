import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ExecutionEvent, writeJson } from 'aws-emulator'
import { expect, onTestFinished, test } from 'vitest'
import { isTickEnd } from '../../../infra/local/run-totals.ts'
import { startStage } from '../../../infra/local/stage.ts'
import { EPISODE_OPENED, EVENT_SOURCE } from '../../../shared/contract/events.ts'
import { temporaryFolder } from '../../support/folders.ts'

const GONE = { collectorId: 1, sourceId: 2, api: 'itemUsage', episode: 'e1' }
const STOPPED = ['Claim the episode', 'What now?', 'Stopped']

test('starts the state machine for an episode, and continues an execution that a killed stage left', async () => {
  const dataDir = temporaryFolder()
  const machineArn =
    'arn:aws:states:us-east-1:000000000000:stateMachine:OnePasswordSource-RetryMachine61923B76'
  mkdirSync(join(dataDir, 'executions'))
  writeJson(join(dataDir, 'executions', 'unfinished.json'), [{ machineArn, name: 'kept', input: GONE }])
  const events: ExecutionEvent[] = []
  let ticks = 0
  const stage = await startStage({
    ...{ dataDir, schedule: false },
    onExecution: event => events.push(event),
    onLog: line => {
      if (isTickEnd(line)) ticks++
    },
  })
  onTestFinished(() => stage.close())
  expect(stage.outputs['RetryStateMachineArn']).toBe(machineArn)
  await stage.idle()
  expect(stage.executions()).toEqual([{ name: 'kept', input: GONE, status: 'SUCCEEDED', states: STOPPED }])

  stage.putEvents(stage.outputs['BusName'] ?? '', [
    {
      ...{ version: '0', id: 'event', 'detail-type': EPISODE_OPENED, source: EVENT_SOURCE, resources: [] },
      ...{ account: '000000000000', region: 'us-east-1', time: '2026-01-01T00:00:00Z', detail: { ...GONE } },
    },
  ])
  await stage.idle()
  expect(stage.executions()).toMatchObject([{ name: 'kept' }, { status: 'SUCCEEDED', states: STOPPED }])
  expect(events.filter(({ type }) => type === 'ExecutionSucceeded')).toHaveLength(2)

  stage.startSchedule()
  await stage.idle()
  stage.clock.advance(300_000)
  await stage.idle()
  expect(ticks).toBe(2)
})
