import { expect, test } from 'vitest'
import type { StateDefinition } from '../../template/model.ts'
import {
  ask,
  at,
  stateMachineWorld as aWorld,
  FUNCTION,
  MACHINE,
  ROLE,
  START_MS,
} from '../support/state-machine-world.ts'

const DONE = { Type: 'Succeed' }

const waitThenAsk = {
  Wait: { Type: 'Wait', TimestampPath: '$.until', Next: 'Ask' } as StateDefinition,
  Ask: ask(),
  Done: DONE,
}

test('waits in virtual time, not a millisecond less, and is idle meanwhile', async () => {
  const { start, advanceTo, sole, calls, activity } = aWorld({ states: waitThenAsk })
  start({ until: at(600), script: [{ ok: 1 }] })
  await activity.idle()
  expect(sole()).toMatchObject({ status: 'RUNNING', states: ['Wait'] })
  await advanceTo(599)
  expect(sole()?.states).toEqual(['Wait'])
  await advanceTo(600)
  expect(sole()).toMatchObject({ status: 'SUCCEEDED', states: ['Wait', 'Ask', 'Done'] })
  const lateMs = Date.parse(calls[0]?.at ?? '') - START_MS - 600_000
  expect(lateMs).toBeGreaterThanOrEqual(0)
  expect(lateMs).toBeLessThan(5000)
})

test('keeps the emulator busy from its start, whatever its first state is', async () => {
  const { start, sole, activity } = aWorld({
    states: { Begin: { Type: 'Pass', Next: 'Ask' }, Ask: ask(), Done: DONE },
  })
  start({ script: [{ ok: 1 }] })
  await activity.idle()
  expect(sole()?.status).toBe('SUCCEEDED')
})

test('does not wait for a time that is past', async () => {
  const { start, sole, activity } = aWorld({ states: waitThenAsk })
  start({ until: at(-600), script: [{ ok: 1 }] })
  await activity.idle()
  expect(sole()?.status).toBe('SUCCEEDED')
})

test('a jump wakes every execution that it passes before the emulator is idle', async () => {
  const { start, advanceTo, machines, clock } = aWorld({ states: waitThenAsk })
  for (const second of [60, 120, 180]) start({ until: at(second), script: Array(3).fill({ ok: 1 }) })
  await advanceTo(3600)
  expect(machines.executions().map(({ status }) => status)).toEqual(Array(3).fill('SUCCEEDED'))
  expect(clock.now()).toBeLessThan(START_MS + 3_700_000)
})

test('passes the context of the execution to the function, and takes its answer', async () => {
  const states = {
    Ask: ask({
      Parameters: {
        'script.$': '$.script',
        'execution.$': '$$.Execution',
        'machine.$': '$$.StateMachine',
        'state.$': '$$.State.Name',
        'entered.$': '$$.State.EnteredTime',
      },
    }),
    Done: DONE,
  }
  const { start, activity, calls, sole, history } = aWorld({ states })
  start({ script: [{ ok: 1 }] })
  await activity.idle()
  const name = sole()?.name
  expect(calls[0]?.event).toMatchObject({
    execution: {
      Id: `${MACHINE.replace('stateMachine', 'execution')}:${name}`,
      Name: name,
      RoleArn: ROLE,
      StartTime: expect.stringMatching(/^2026-01-01T12:00:0/),
    },
    machine: { Id: MACHINE, Name: 'Stack-Machine' },
    state: 'Ask',
    entered: expect.stringMatching(/^2026-01-01T12:00:0/),
  })
  expect(history().at(-1)).toMatchObject({ type: 'ExecutionSucceeded', output: { answer: { ok: 1 } } })
})

test('retries as Retry says, and is idle between the attempts', async () => {
  const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 100, BackoffRate: 2, MaxAttempts: 2 }]
  const { start, advanceTo, activity, sole, seconds, errors, history } = aWorld({
    states: { Ask: ask({ Retry }), Done: DONE },
  })
  start({ script: [{ error: 'Busy' }, { error: 'Busy', message: 'still' }, { ok: 1 }] })
  await activity.idle()
  expect(seconds()).toHaveLength(1)
  await advanceTo(110)
  await advanceTo(290)
  expect(seconds()).toHaveLength(2)
  await advanceTo(320)
  expect(seconds()).toHaveLength(3)
  expect(errors).toEqual(['Busy: ', 'Busy: still'])
  expect(sole()?.status).toBe('SUCCEEDED')
  expect(history().map(({ type, attempt }) => [type, attempt])).toEqual([
    ['ExecutionStarted', undefined],
    ['StateEntered', undefined],
    ['StateFailed', undefined],
    ['StateRetried', 1],
    ['StateFailed', undefined],
    ['StateRetried', 2],
    ['StateExited', undefined],
    ['StateEntered', undefined],
    ['StateExited', undefined],
    ['ExecutionSucceeded', undefined],
  ])
})

test('catches what a function throws, with its report as the cause, and fails with the error and cause at the given paths', async () => {
  const states = {
    Ask: ask({ Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.death', Next: 'Failed' }] }),
    Done: DONE,
    Failed: { Type: 'Fail', ErrorPath: '$.death.Error', CausePath: '$.death.Cause' } as StateDefinition,
  }
  const { start, activity, sole, history } = aWorld({ states })
  start({ script: [{ error: 'OutOfReach', message: 'too far' }] })
  await activity.idle()
  expect(sole()).toMatchObject({ status: 'FAILED', error: 'OutOfReach', states: ['Ask', 'Failed'] })
  expect(JSON.parse(sole()?.cause ?? '')).toMatchObject({ errorType: 'OutOfReach', errorMessage: 'too far' })
  expect(history()).toContainEqual(expect.objectContaining({ type: 'StateCaught', state: 'Ask' }))
})

test('gives a Task the time-out of its input, and lets the function run on', async () => {
  const states = {
    Ask: ask({
      TimeoutSecondsPath: '$.seconds',
      Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.death', Next: 'Done' }],
    }),
    Done: DONE,
  }
  const { start, clock, activity, sole, calls } = aWorld({ states })
  start({ seconds: 10, script: [{ rest: 25_000 }] })
  await expect.poll(() => calls.length, { timeout: 10_000 }).toBe(1)
  let quiet = false
  const idle = activity.idle().then(() => {
    quiet = true
  })
  expect(sole()?.status).toBe('RUNNING')
  clock.advance(10_000)
  await expect.poll(() => sole()?.status).toBe('SUCCEEDED')
  expect(quiet).toBe(false)
  clock.advance(15_000)
  await idle
})

test('gives a Task as much real time as its function has, however fast virtual time runs', async () => {
  const { start, activity, sole } = aWorld({
    states: { Ask: ask({ TimeoutSeconds: 30 }), Done: DONE },
    speed: 1000,
  })
  // Starting the thread of the function takes longer than 30 ms.
  start({ script: [{ ok: 1 }] })
  await activity.idle()
  expect(sole()?.status).toBe('SUCCEEDED')
})

test('ends an execution at the time-out of its machine, during a wait and during a retry', async () => {
  const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60, BackoffRate: 1, MaxAttempts: 99 }]
  const waiting = aWorld({ states: waitThenAsk, timeoutSeconds: 300 })
  waiting.start({ until: at(301), script: [{ ok: 1 }] })
  await waiting.advanceTo(301)
  expect(waiting.sole()).toMatchObject({ status: 'TIMED_OUT', states: ['Wait'] })
  expect(waiting.calls).toEqual([])

  const retrying = aWorld({ states: { Ask: ask({ Retry }), Done: DONE }, timeoutSeconds: 90 })
  retrying.start({ script: Array(9).fill({ error: 'Busy' }) })
  await retrying.activity.idle()
  await retrying.advanceTo(65)
  await retrying.advanceTo(91)
  await retrying.advanceTo(900)
  expect(retrying.sole()?.status).toBe('TIMED_OUT')
  expect(retrying.calls).toHaveLength(2)
})

test('fails with the error of Step Functions if its role must not invoke the function', async () => {
  const { start, activity, sole, calls } = aWorld({
    states: { Ask: ask(), Done: DONE },
    mayInvoke: false,
  })
  start({ script: [{ ok: 1 }] })
  await activity.idle()
  expect(sole()).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' })
  expect(sole()?.cause).toContain(
    `assumed-role/Stack-MachineRole/${sole()?.name} is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION}`,
  )
  expect(calls).toEqual([])
})

test('fails if the reserved concurrency of the function is used up', async () => {
  const { start, activity, sole, calls, pool } = aWorld({
    states: { Ask: ask(), Done: DONE },
    reservedConcurrency: 1,
  })
  const other = pool.invoke(JSON.stringify({ script: [{ ok: 1 }] }))
  start({ script: [{ ok: 1 }] })
  await activity.idle()
  expect(sole()).toMatchObject({ status: 'FAILED', error: 'Lambda.TooManyRequestsException' })
  await other
  expect(calls).toHaveLength(1)
})

test('the next start begins unfinished executions anew under their names, and none that had ended', async () => {
  const first = aWorld({ states: waitThenAsk })
  first.start({ until: at(1), script: Array(3).fill({ ok: 1 }) })
  await first.advanceTo(2)
  first.start({ until: at(600), script: Array(3).fill({ ok: 1 }) })
  first.start({ until: at(600), script: Array(3).fill({ ok: 1 }) })
  await first.activity.idle()
  const names = first.machines.executions().map(({ name }) => name)
  const lines = first.history().length
  first.machines.stop()
  first.start({ until: at(600), script: Array(3).fill({ ok: 1 }) })
  await first.activity.idle()
  expect(first.history()).toHaveLength(lines)

  const second = aWorld({ states: waitThenAsk, dataDir: first.dataDir })
  second.machines.resume()
  await second.advanceTo(600)
  const ended = { status: 'SUCCEEDED', states: ['Wait', 'Ask', 'Done'] }
  expect(second.machines.executions()).toMatchObject([
    ...names.slice(1).map(name => ({ name, ...ended })),
    ended,
  ])
  const third = aWorld({ states: waitThenAsk, dataDir: first.dataDir })
  third.machines.resume()
  expect(third.machines.executions()).toEqual([])
})

test('an aborted execution invokes nothing more and is not begun anew', async () => {
  const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 60 }]
  const { start, activity, machines, sole, calls, dataDir, advanceTo } = aWorld({
    states: { Ask: ask({ Retry }), Done: DONE },
  })
  start({ script: [{ error: 'Busy' }, { ok: 1 }] })
  await activity.idle()
  machines.abort()
  await activity.idle()
  expect(sole()?.status).toBe('ABORTED')
  await advanceTo(3600)
  expect(calls).toHaveLength(1)
  const next = aWorld({ states: waitThenAsk, dataDir })
  next.machines.resume()
  expect(next.machines.executions()).toEqual([])
})
