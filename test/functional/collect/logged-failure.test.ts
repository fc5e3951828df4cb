import { describe, expect, it } from 'vitest'
import { RUN_FAILED } from '../../../shared/contract/log-messages.ts'
import type { LoggableError } from '../../../shared/domain/failure/loggable-error.ts'
import { type CollectWorld, collectWorld, eventsFrom } from '../../support/collect-world.ts'
import { failed } from '../../support/fakes/events-api.ts'

interface FailureLine {
  readonly message: string
  readonly api: string
  readonly sourceId: number
  readonly error: LoggableError
}

const failureLines = ({ logged }: CollectWorld): FailureLine[] =>
  logged.map(line => JSON.parse(line)).filter(({ message }) => message === RUN_FAILED)

/** A defect in our own code, in the middle of an adapter. */
function defectiveAdapter(text: string): never {
  throw new TypeError(text, { cause: new Error(`caused by ${text}`) })
}

/** A run whose lake throws an error with this text. */
async function runWithDefect(text: string): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  const lake = { ...world.ports.lake, create: async () => defectiveAdapter(text) }
  expect((await world.run({ ...world.ports, lake })).outcome).toBe('failed')
  return world
}

describe('a failure of our own side', () => {
  it('is in the log with the stack and the cause of the unforeseen error', async () => {
    const world = await runWithDefect('Cannot read properties of undefined')
    const [line, ...others] = failureLines(world)
    expect(others).toEqual([])
    expect(line).toMatchObject({ api: 'sign-in', sourceId: world.taskNow().sourceId })
    const { cause } = line?.error ?? {}
    expect(cause?.name).toBe('TypeError')
    expect(cause?.stack).toMatch(/TypeError: Cannot read properties of undefined\n +at defectiveAdapter /)
    expect(cause?.cause?.stack).toMatch(/caused by Cannot read.*\n +at defectiveAdapter /)
  })

  it('is in the log even if it cannot be recorded', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const lake = { ...world.ports.lake, create: async () => defectiveAdapter('first') }
    const { tasks } = world.ports
    const apply: typeof tasks.apply = (key, transition) =>
      world.logged.length > 0 ? Promise.reject(new Error('second')) : tasks.apply(key, transition)
    await expect(world.run({ ...world.ports, lake, tasks: { ...tasks, apply } })).rejects.toThrow('second')
    expect(failureLines(world)[0]?.error.cause?.message).toBe('first')
  })

  it('shows no token, neither in the log nor in the task', async () => {
    const { token } = collectWorld().eventsApi
    const world = await runWithDefect(`refused: Bearer ${token}, ${token}`)
    expect(failureLines(world)[0]?.error.cause?.message).toBe('refused: Bearer ********, ********')
    expect(world.logged.join('\n')).not.toContain(token)
    expect(JSON.stringify(world.taskNow())).not.toContain(token)
  })
})

it('a failure of 1Password has no stack in the log, because its text says everything', async () => {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  world.eventsApi.answering = () => failed(503)
  expect((await world.run()).outcome).toBe('failed')
  expect(failureLines(world)).toEqual([])
})

it('work that is left to the next tick is logged with the stack of its error', async () => {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  world.eventsApi.answering = () => failed(503)
  const publishOpened = async () => defectiveAdapter('no bus')
  await world.run({ ...world.ports, bus: { ...world.bus, publishOpened } })
  const line = world.logged.map(text => JSON.parse(text)).find(({ error }) => error)
  expect(line.message).toBe('the retry waits for the next tick')
  expect(line.error.stack).toMatch(/TypeError: no bus\n +at defectiveAdapter /)
})
