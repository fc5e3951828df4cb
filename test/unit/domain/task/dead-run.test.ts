import { describe, expect, it } from 'vitest'
import { type DeadRun, isNews, neverBegan, readDeadRun } from '../../../../shared/domain/task/dead-run.ts'
import { givenUp, opened } from '../../../../shared/domain/task/episode.ts'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const DUE_MS = Date.parse('2026-03-01T12:00:00Z')
const NOW_MS = DUE_MS + 241_000
const ADDRESS = { collectorId: 100000001, sourceId: 100000002, api: 'sign-in' } as const

/** Lambda's record of an asynchronous invocation that failed, with the event that had invoked it. */
const RECORD = {
  version: '1.0',
  timestamp: '2026-03-01T12:04:01.000Z',
  requestContext: {
    requestId: 'run-1',
    functionArn: 'arn:aws:lambda:us-east-1:1:function:collect:$LATEST',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 1,
  },
  requestPayload: {
    'detail-type': 'CollectionDue',
    time: '2026-03-01T12:00:00Z',
    detail: { ...ADDRESS, reason: 'tick' },
  },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 240.00 seconds' },
}

const RUN: DeadRun = {
  runId: 'run-1',
  address: ADDRESS,
  reason: 'tick',
  dueMs: DUE_MS,
  death: {
    kind: 'dead-run',
    errorType: 'Sandbox.Timedout',
    errorMessage: 'Task timed out after 240.00 seconds',
  },
}

describe('Lambda’s record of a failed invocation', () => {
  it('names the run and the task, the time when the run was due, and how it died', () => {
    expect(readDeadRun(RECORD)).toEqual(RUN)
  })

  it.each([
    ['is not there', undefined],
    ['is null', null],
  ])('means that the run never began if the response %s', (_name, responsePayload) => {
    const requestContext = { ...RECORD.requestContext, condition: 'EventAgeExceeded' }
    expect(readDeadRun({ ...RECORD, requestContext, responsePayload }).death).toEqual({
      kind: 'dead-run',
      errorType: 'EventAgeExceeded',
    })
  })

  it('can be read even if it does not say which run it was', () => {
    const { requestContext: _, ...nameless } = RECORD
    expect(readDeadRun(nameless)).toEqual({ ...RUN, runId: '' })
    expect(readDeadRun({ ...nameless, responsePayload: undefined }).death).toEqual({
      kind: 'dead-run',
      errorType: '',
    })
  })

  it('can be read even if members of the error are missing or are no texts', () => {
    expect(readDeadRun({ ...RECORD, responsePayload: { errorMessage: 'killed' } }).death).toEqual({
      kind: 'dead-run',
      errorType: '',
      errorMessage: 'killed',
    })
    expect(readDeadRun({ ...RECORD, responsePayload: { errorType: 7 } }).death).toMatchObject({
      errorType: '',
    })
  })

  it.each([undefined, 'soon', 5])('is taken for an old record if the event’s time is %j', time => {
    expect(readDeadRun({ ...RECORD, requestPayload: { ...RECORD.requestPayload, time } }).dueMs).toBe(0)
  })

  it.each([
    undefined,
    null,
    {},
    { ...RECORD, requestPayload: { step: 'collect', ...ADDRESS } },
    { ...RECORD, requestPayload: undefined },
  ])('is refused if it is not about a CollectionDue event: %j', record => {
    expect(() => readDeadRun(record)).toThrow(/^CollectionDue: /)
  })
})

const EPISODE = opened('e1', { atMs: DUE_MS })
const held = (leaseOwner: string, leaseExpiresMs: number) => ({ leaseOwner, leaseExpiresMs })
const succeeded = (atMs: number) => ({ lastSuccessAt: new Date(atMs).toISOString() })

describe('the death of a run', () => {
  it.each<[string, Partial<Task>]>([
    ['holds the task still', held('run-1/a', NOW_MS + 1)],
    ['holds it still, its lease over', held('run-1/a', NOW_MS)],
    [
      'holds it still, though the run before ended well after it was asked for',
      { ...held('run-1/a', NOW_MS + 1), ...succeeded(DUE_MS) },
    ],
    ['never had the task, nobody has it and no run has ended well', {}],
    ['never had it, and another let its lease run out', held('run-2', NOW_MS)],
    ['never had it, and the last success is older', succeeded(DUE_MS - 1)],
  ])('is news if the dead run %s', (_name, change) => {
    expect(isNews(RUN, sampleTask(change), NOW_MS)).toBe(true)
  })

  const holding = held('run-1/a', NOW_MS + 1)

  it.each<[string, Partial<Task>]>([
    ['the source is being deleted', { ...holding, state: 'Stopping' }],
    ['the task waits for its user', { ...holding, state: 'Error', halted: true }],
    ['the task is in an episode', { ...holding, state: 'Error', episode: EPISODE }],
    ['it was given up', { halted: true, episode: givenUp(EPISODE, NOW_MS) }],
    ['another run holds the task', held('run-2', NOW_MS + 1)],
    ['another run ended well when this was asked for', succeeded(DUE_MS)],
    ['another run has ended well since', succeeded(DUE_MS + 60_000)],
  ])('is no news if %s', (_name, change) => {
    expect(isNews(RUN, sampleTask(change), NOW_MS)).toBe(false)
  })

  it('is no news if Lambda had no capacity for the run, because the run never began', () => {
    const requestContext = { ...RECORD.requestContext, condition: 'EventAgeExceeded' }
    const waited = readDeadRun({ ...RECORD, requestContext, responsePayload: undefined })
    expect(neverBegan(waited)).toBe(true)
    expect(isNews(waited, sampleTask(), NOW_MS)).toBe(false)
    expect(neverBegan(RUN)).toBe(false)
    // A run that dies with these very words has begun.
    const namesake = { ...RUN, death: { ...RUN.death, errorType: 'EventAgeExceeded', errorMessage: 'mine' } }
    expect(neverBegan(namesake)).toBe(false)
  })

  it('is news if there is no response for another reason', () => {
    const lost = readDeadRun({ ...RECORD, responsePayload: undefined })
    expect(neverBegan(lost)).toBe(false)
    expect(isNews(lost, sampleTask(), NOW_MS)).toBe(true)
  })

  it('is no news if the run was a look, because the next look does the same', () => {
    expect(isNews({ ...RUN, reason: 'look' }, sampleTask(), NOW_MS)).toBe(false)
  })

  it('at an unknown time is news only if the run has the lease or no run has ever ended well', () => {
    const run = { ...RUN, dueMs: 0 }
    expect(isNews(run, sampleTask(), NOW_MS)).toBe(true)
    expect(isNews(run, sampleTask(succeeded(DUE_MS)), NOW_MS)).toBe(false)
    expect(isNews(run, sampleTask({ ...holding, ...succeeded(DUE_MS) }), NOW_MS)).toBe(true)
  })
})
