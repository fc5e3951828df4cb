import asl from 'asl-validator'
import {
  type ExecutionEvent,
  loadStateMachines,
  type StatesDefinition,
  startExecution,
  taskError,
} from 'aws-emulator'
import { describe, expect, it } from 'vitest'
import { retryDefinition } from '../../infra/retry-definition.ts'
import type { RetryAnswer, RetryRequest, RetryStep } from '../../shared/contract/retry.ts'
import { EXECUTION_TIMEOUT_SECONDS } from '../../shared/contract/timing.ts'
import { createTimeline, toEngineWorld } from '../simulation/timeline.ts'
import { templateWith } from './synthesized.ts'

const COLLECT = 'arn:aws:lambda:eu-west-1:123456789012:function:collect'
const MACHINE = {
  name: 'retry',
  arn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:retry',
  roleArn: 'arn:aws:iam::123456789012:role/retry',
  definition: retryDefinition(COLLECT) as unknown as StatesDefinition,
}
const INPUT = { collectorId: 1, sourceId: 2, api: 'itemUsage', episode: 'e1' }
const START_MS = Date.parse('2026-01-01T12:00:00Z')

const later = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString()

/** Waits until so many seconds after the start. */
const retryAt = (seconds: number, timeoutSeconds = 255): RetryAnswer => ({
  outcome: 'retry',
  nextRetry: later(seconds),
  timeoutSeconds,
  attempts: 1,
  deadline: later(5400),
  error: 'ThirdPartyGenericError',
  cause: '503',
})

/** The answer with the seconds that are left until its next retry. */
function withWait(answer: Exclude<Scripted, Error | string> | undefined, nowMs: number) {
  const { nextRetry } = (answer ?? {}) as Partial<RetryAnswer>
  if (nextRetry === undefined) return answer
  return { ...answer, waitSeconds: Math.max(0, Math.ceil((Date.parse(nextRetry) - nowMs) / 1000)) }
}

interface Asked {
  readonly step: RetryStep
  /** Seconds after the start. */
  readonly at: number
  readonly request: RetryRequest
}

/** An answer, an error to reject with, or no answer at all. */
type Scripted = RetryAnswer | { readonly outcome: string } | Error | 'silence'

const failure = (name: string, message = 'why') => taskError(name, message)

/** Runs an execution whose questions are answered in turn, the last answer for ever, until so many seconds later. */
async function run(script: readonly Scripted[], untilSeconds = 6000) {
  const timeline = createTimeline(START_MS)
  const world = toEngineWorld(timeline, () => 0)
  const asked: Asked[] = []
  const events: ExecutionEvent[] = []
  const answerTask = async (resource: string, input: unknown): Promise<unknown> => {
    expect(resource).toBe(COLLECT)
    const request = input as RetryRequest
    const answer = script[Math.min(asked.length, script.length - 1)]
    asked.push({ step: request.step, at: (world.now() - START_MS) / 1000, request })
    if (answer === 'silence') return await new Promise(() => {})
    if (answer instanceof Error) throw answer
    return withWait(answer, world.now())
  }
  const engine = loadStateMachines(world)
  startExecution({
    ...{ engine, world, machine: MACHINE, name: 'x1', input: INPUT, answerTask },
    onEvent: event => void events.push(event),
  })
  await timeline.run(START_MS + untilSeconds * 1000)
  const states = events.filter(({ type }) => type === 'StateEntered').map(({ state }) => state)
  return { states, steps: asked.map(({ step, at }) => [step, at]), asked, events, end: events.at(-1) }
}

describe('the definition', () => {
  const errors = (definition: object) =>
    asl(definition as Parameters<typeof asl>[0], { checkPaths: true, checkArn: true }).errorsText('\n')

  it('is valid', () => {
    expect(errors(MACHINE.definition)).toBe('')
    expect(errors({ ...MACHINE.definition, StartAt: 'Nowhere' })).not.toBe('')
  })

  it('is still valid and the same in the template', () => {
    const [machine] = Object.values(templateWith().findResources('AWS::StepFunctions::StateMachine'))
    const parts = machine?.['Properties'].DefinitionString['Fn::Join'][1] as unknown[]
    const deployed = JSON.parse(parts.map(part => (typeof part === 'string' ? part : COLLECT)).join(''))
    expect(errors(deployed)).toBe('')
    expect(deployed).toEqual(MACHINE.definition)
  })
})

describe('an execution', () => {
  it('claims the episode under its own name, with the address from the event', async () => {
    const { asked } = await run([{ outcome: 'taken' }])
    expect(asked.map(({ request }) => request)).toEqual([{ ...INPUT, step: 'claim', execution: 'x1' }])
  })

  it.each([
    ['taken', 'Claimed by another execution'],
    ['stopped', 'Stopped'],
    ['recovered', 'Recovered'],
  ])('succeeds at once when the claim is answered with %s', async (outcome, state) => {
    const { states, end } = await run([{ outcome }])
    expect(states).toEqual(['Claim the episode', 'What now?', state])
    expect(end).toMatchObject({ type: 'ExecutionSucceeded', time: later(0) })
  })

  it.each([1, 2, 20])(
    'waits exactly as long as collect says and ends with the recovery at run %d',
    async runs => {
      const waits = Array.from({ length: runs }, (_, index) => retryAt(60 * (index + 1)))
      const { steps, states, end } = await run([...waits, { outcome: 'recovered' }])
      expect(steps).toEqual([['claim', 0], ...waits.map((_, index) => ['collect', 60 * (index + 1)])])
      expect(states.at(-1)).toBe('Recovered')
      expect(end).toMatchObject({ type: 'ExecutionSucceeded', time: later(60 * runs) })
    },
  )

  it('collects at once if the time of the next retry is past', async () => {
    const { steps } = await run([retryAt(-60), { outcome: 'recovered' }])
    expect(steps).toEqual([
      ['claim', 0],
      ['collect', 0],
    ])
  })

  it.each(['stopped', 'taken'])(
    'ends without a further run when a run is answered with %s',
    async outcome => {
      const { steps, end } = await run([retryAt(60), { outcome }])
      expect(steps).toHaveLength(2)
      expect(end?.type).toBe('ExecutionSucceeded')
    },
  )

  it('fails with the task’s error and its cause when the task is given up', async () => {
    const quit = { outcome: 'quit', error: 'ThirdPartyGenericError', cause: '503: no service' } as const
    const { states, end } = await run([retryAt(60), quit])
    expect(states.at(-1)).toBe('Given up')
    expect(end).toMatchObject({ type: 'ExecutionFailed', error: quit.error, cause: quit.cause })
  })

  it('fails if it does not understand the answer', async () => {
    const { states, end } = await run([{ outcome: 'perhaps' }])
    expect(states.at(-1)).toBe('Answer not understood')
    expect(end).toMatchObject({ type: 'ExecutionFailed', error: 'AnswerNotUnderstood' })
  })
})

describe('a run that dies', () => {
  it('is recorded with its cause, and the execution goes on', async () => {
    const dead = failure('Runtime.OutOfMemory', '{"errorType":"Runtime.OutOfMemory"}')
    const { asked, steps, end } = await run([retryAt(60), dead, retryAt(180), { outcome: 'recovered' }])
    expect(steps).toEqual([
      ['claim', 0],
      ['collect', 60],
      ['died', 60],
      ['collect', 180],
    ])
    expect(asked[2]?.request).toEqual({
      ...{ ...INPUT, step: 'died', execution: 'x1', attempts: 1 },
      death: { Error: 'Runtime.OutOfMemory', Cause: '{"errorType":"Runtime.OutOfMemory"}' },
    })
    expect(end?.type).toBe('ExecutionSucceeded')
  })

  it('is also a run that does not answer within the time that collect named', async () => {
    const { asked, steps } = await run([retryAt(60, 255), 'silence', { outcome: 'stopped' }])
    expect(steps).toEqual([
      ['claim', 0],
      ['collect', 60],
      ['died', 315],
    ])
    expect(asked[2]?.request.death?.Error).toBe('States.Timeout')
  })

  it('is recorded again after any failure until that succeeds, with waits of up to a minute', async () => {
    const dead = failure('Sandbox.Timedout')
    const refused = failure('Lambda.TooManyRequestsException')
    const failures = [dead, dead, refused, dead, refused, dead, refused]
    const { steps, end } = await run([retryAt(60), ...failures, { outcome: 'stopped' }])
    expect(steps.slice(2)).toEqual([60, 65, 75, 95, 135, 195, 255].map(at => ['died', at]))
    expect(end?.type).toBe('ExecutionSucceeded')
  })
})

describe('a failure of Lambda itself', () => {
  it.each([
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ])('makes the execution try again after 2, 4 and 8 seconds: %s', async name => {
    const { steps, end } = await run([
      retryAt(60),
      ...Array<Error>(3).fill(failure(name)),
      { outcome: 'recovered' },
    ])
    expect(steps.slice(1)).toEqual([
      ['collect', 60],
      ['collect', 62],
      ['collect', 66],
      ['collect', 74],
    ])
    expect(end?.type).toBe('ExecutionSucceeded')
  })

  it('counts as a dead run if it lasts', async () => {
    const refused = failure('Lambda.ServiceException')
    const { steps } = await run([retryAt(60), ...Array<Error>(4).fill(refused), { outcome: 'stopped' }])
    expect(steps.at(-1)).toEqual(['died', 74])
  })

  it('fails the execution after 195 seconds if the claim fails each time', async () => {
    const { steps, end } = await run([failure('Lambda.ServiceException', 'down')])
    expect(steps.map(([, at]) => at)).toEqual([0, 5, 15, 35, 75, 135, 195])
    expect(end).toMatchObject({ type: 'ExecutionFailed', error: 'Lambda.ServiceException', cause: 'down' })
  })
})

it('claims again, up to six times, if the run of the claim dies', async () => {
  const { steps, end } = await run([failure('Sandbox.Timedout')])
  expect(steps.map(([, at]) => at)).toEqual([0, 5, 15, 35, 75, 135, 195])
  expect(end?.type).toBe('ExecutionFailed')
})

it('waits a minute for a claim that does not answer', async () => {
  const { steps } = await run(['silence', { outcome: 'taken' }])
  expect(steps.map(([, at]) => at)).toEqual([0, 65])
})

it('ends at its time-out in any state, and starts nothing afterwards', async () => {
  const waits = await run([retryAt(99_999)], 99_999)
  expect(waits.end).toMatchObject({ type: 'ExecutionTimedOut', time: later(EXECUTION_TIMEOUT_SECONDS) })
  expect(waits.steps).toHaveLength(1)
  const dies = await run([retryAt(60), failure('Runtime.ExitError')], 99_999)
  expect(dies.end).toMatchObject({ type: 'ExecutionTimedOut', time: later(EXECUTION_TIMEOUT_SECONDS) })
  expect(Math.max(...dies.asked.map(({ at }) => at))).toBeLessThan(EXECUTION_TIMEOUT_SECONDS)
})
