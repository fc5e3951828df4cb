import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventBus } from '../../shared/adapters/event-bus.ts'
import type { CollectionDue, EpisodeOpened } from '../../shared/contract/events.ts'
import { fakeBus } from '../support/fakes/bus.ts'
import { fakeClock } from '../support/fakes/clock.ts'
import { healthAfter } from '../support/health.ts'
import { type JsonService, startJsonService } from '../support/json-service.ts'
import { busContract, dueTasks, openedEpisodes } from './bus-contract.ts'

interface Entry {
  readonly Detail: string
  readonly [member: string]: unknown
}

type Refusal = { readonly ErrorCode: string; readonly ErrorMessage?: string } | undefined

let service: JsonService
/** Says which entries are refused; the others are accepted. */
let refuse: (due: CollectionDue) => Refusal = () => undefined
let accepted: (CollectionDue & EpisodeOpened)[] = []

const batches = (): Entry[][] => service.calls.map(({ input }) => input['Entries'] as Entry[])
const parseDetail = ({ Detail }: Entry): CollectionDue & EpisodeOpened => JSON.parse(Detail)

function putEvents(entries: readonly Entry[]) {
  const results = entries.map(entry => refuse(parseDetail(entry)) ?? { EventId: 'id' })
  accepted.push(...entries.filter((_, i) => results[i] && 'EventId' in results[i]).map(parseDetail))
  return { FailedEntryCount: results.filter(result => 'ErrorCode' in result).length, Entries: results }
}

beforeAll(async () => {
  service = await startJsonService(({ operation, input }) =>
    operation === 'PutEvents'
      ? { body: putEvents(input['Entries'] as Entry[]) }
      : { status: 400, body: { __type: 'UnknownOperationException' } },
  )
})
afterAll(() => service.close())
beforeEach(() => {
  refuse = () => undefined
  accepted = []
  service.calls.length = 0
})

function openBus() {
  const clock = fakeClock()
  const random = { uuid: () => 'u', fraction: () => 0.5 }
  return { clock, bus: eventBus(new EventBridgeClient(service.client), 'the-bus', { clock, random }) }
}

busContract('in memory', () => {
  const bus = fakeBus()
  return { bus, published: () => bus.published, opened: () => bus.opened }
})
busContract('in EventBridge', () => ({
  bus: openBus().bus,
  published: () => accepted,
  opened: () => accepted,
}))

describe('EventBridge', () => {
  it('gets entries with our bus, source and detail type', async () => {
    await openBus().bus.publishDue(dueTasks(1))
    expect(batches()).toEqual([
      [
        {
          EventBusName: 'the-bus',
          Source: 'onepassword-source',
          DetailType: 'CollectionDue',
          Detail: JSON.stringify(dueTasks(1)[0]),
        },
      ],
    ])
  })

  it('gets opened episodes under the detail type that starts the state machine', async () => {
    await openBus().bus.publishOpened(openedEpisodes(1))
    expect(batches().flat()).toMatchObject([
      {
        Source: 'onepassword-source',
        DetailType: 'EpisodeOpened',
        Detail: JSON.stringify(openedEpisodes(1)[0]),
      },
    ])
  })

  it('gets sources that are being deleted, and segments of a tick', async () => {
    const { bus } = openBus()
    const stopping = { collectorId: 1, sourceId: 2 }
    const segment = { tickMs: 1, segment: 3 }
    await bus.publishStopping([stopping])
    await bus.publishSegments([segment])
    expect(batches().flat()).toMatchObject([
      { DetailType: 'SourceStopping', Detail: JSON.stringify(stopping) },
      { DetailType: 'TickSegment', Detail: JSON.stringify(segment) },
    ])
  })

  it('gets changes of health as Health-Change events', async () => {
    const [change] = healthAfter().untold ?? []
    await openBus().bus.publishHealth(change ? [change.event] : [])
    expect(batches().flat()).toMatchObject([
      { DetailType: 'Health-Change', Detail: JSON.stringify(change?.event) },
    ])
  })

  it('gets no more than ten entries in a call', async () => {
    await openBus().bus.publishDue(dueTasks(23))
    expect(
      batches()
        .map(({ length }) => length)
        .toSorted(),
    ).toEqual([10, 10, 3].toSorted())
  })

  it('gets the calls one after the other if a pace is given, and the last ones all the same if some are refused', async () => {
    const { bus, clock } = openBus()
    refuse = ({ sourceId }) =>
      sourceId === 200000000 ? { ErrorCode: 'Denied', ErrorMessage: 'no' } : undefined
    await expect(bus.publishDue(dueTasks(31), 25)).rejects.toThrow('the bus refused 1 events')
    expect(accepted).toHaveLength(30)
    const backOff = [1000, 2000, 4000]
    const pauses = clock.slept.filter(ms => !backOff.includes(ms))
    expect(pauses.length).toBeGreaterThan(0)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(400)
  })

  it('gets so many entries in a second', async () => {
    const { bus, clock } = openBus()
    await bus.publishDue(dueTasks(31), 25)
    expect(clock.slept).toEqual([400, 400, 400])
    clock.slept.length = 0
    await bus.publishDue(dueTasks(10), 25)
    expect(clock.slept).toEqual([])
    await bus.publishDue(dueTasks(100), 2_500)
    expect(clock.slept).toEqual([20])
  })

  it('gets only the refused entries again, each time after a longer wait', async () => {
    const rounds = new Map<number, number>()
    refuse = ({ sourceId }) => {
      const round = (rounds.get(sourceId) ?? 0) + 1
      rounds.set(sourceId, round)
      const refusals = { 200000003: 1, 200000007: 3 }[sourceId] ?? 0
      return round <= refusals ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' } : undefined
    }
    const { bus, clock } = openBus()
    await bus.publishDue(dueTasks(10))
    expect(batches().map(entries => entries.map(entry => parseDetail(entry).sourceId - 200000000))).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [3, 7],
      [7],
      [7],
    ])
    expect(accepted).toHaveLength(10)
    expect(clock.slept).toEqual([1000, 2000, 4000])
  })

  it('gets four rounds; then the error has the number of refused events and the first reason', async () => {
    refuse = ({ sourceId }) =>
      sourceId % 2 ? { ErrorCode: 'InternalFailure', ErrorMessage: 'try later' } : undefined
    await expect(openBus().bus.publishDue(dueTasks(10))).rejects.toThrow(
      /^the bus refused 5 events, the first with InternalFailure: try later$/,
    )
    expect(batches().map(({ length }) => length)).toEqual([10, 5, 5, 5])
    expect(accepted).toHaveLength(5)
  })

  it('gets four rounds; then the error has every reason', async () => {
    const reasons = ['InternalFailure', 'ThrottlingException', 'NotAuthorized']
    refuse = ({ sourceId }) => ({ ErrorCode: reasons[sourceId % 3] ?? '', ErrorMessage: 'no' })
    await expect(openBus().bus.publishDue(dueTasks(4))).rejects.toThrow(
      /^the bus refused 4 events, the first with (\w+): no, [23] with \w+: no; \w+: no$/,
    )
  })

  it('gets the other batches when one fails', async () => {
    refuse = ({ sourceId }) => (sourceId === 200000000 ? { ErrorCode: 'InternalFailure' } : undefined)
    await expect(openBus().bus.publishDue(dueTasks(30))).rejects.toThrow('InternalFailure')
    expect(accepted).toHaveLength(29)
  })
})
