import type { EventBridgeClient, PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { checkEntries, type EventEnvelope, toEnvelope } from 'aws-emulator'
import { eventBus } from '../../shared/adapters/event-bus.ts'
import type { Bus } from '../../shared/ports.ts'
import { awsCall, type Process, type Surroundings } from './process.ts'

/** An event in the form that targets receive. */
export type Envelope = Pick<EventEnvelope, 'source' | 'detail-type' | 'time'> & { readonly detail: unknown }

/** Receives the events of a type. */
export type Target = (event: Envelope) => void

export interface EventBridge {
  /** Returns the bus that a process publishes with. */
  busOf(process: Process): Bus
  /** Puts an event of an AWS service on the bus. */
  put(event: Omit<Envelope, 'time'>): void
}

const MINUTE_MS = 60_000

/** EventBridge tries for a day, unless a rule says less, and the targets have queues of their own. */
const MOST_LATE_MS = 6 * 60 * MINUTE_MS

const PLACE = { account: '000000000000', region: 'us-east-1' }

/** Delivers an event once or more, in any order. If the fault strikes, the event is lost. */
function deliver({ timeline, trace, plan, random }: Surroundings, event: Envelope, target: Target): void {
  if (plan.strikes('events-lost')) {
    trace.note('bus', `loses ${event['detail-type']}`)
    return
  }
  const minutesLate = plan.strikes('events-delayed')
    ? plan.random('events-delayed').integer(9 * MINUTE_MS)
    : 0
  const hoursLate = plan.strikes('events-hours-late')
    ? plan.random('events-hours-late').integer(MOST_LATE_MS)
    : 0
  const late = minutesLate + hoursLate
  timeline.after(50 + random.integer(400) + late, () => target(event))
  if (plan.strikes('events-doubled')) {
    const again = plan.random('events-doubled').integer(2 * MINUTE_MS)
    timeline.after(50 + again, () => target(event))
  }
}

/** The SDK sends times as epoch seconds. */
const toWireForm = ({ Time, ...entry }: PutEventsRequestEntry) =>
  ({ ...entry, ...(Time && { Time: Time.getTime() / 1000 }) }) as Parameters<typeof toEnvelope>[0]

type Entry = { EventId: string } | { ErrorCode: string; ErrorMessage: string }

export interface PutEventsAnswer {
  readonly FailedEntryCount: number
  readonly Entries: readonly Entry[]
}

interface BusOptions {
  /** The rules, by detail type. */
  readonly targets: Readonly<Record<string, Target>>
  /** Is called for every event that is accepted. */
  readonly onAccepted: (event: Envelope) => void
  /** Is called for a call that EventBridge refuses because of a limit. */
  readonly onOverLimit: (what: string) => void
  /** Changes an answer. @default - it stays as it is */
  readonly adaptAnswer?: ((answer: PutEventsAnswer) => PutEventsAnswer) | undefined
}

/** Creates the bus with its rules. */
export function createEventBridge(
  world: Surroundings,
  { targets, onAccepted, onOverLimit, adaptAnswer = answer => answer }: BusOptions,
): EventBridge {
  const accept = (event: Envelope): void => {
    onAccepted(event)
    const target = targets[event['detail-type']]
    if (target) deliver(world, event, target)
  }

  function putEntry(entry: PutEventsRequestEntry): Entry {
    if (world.plan.strikes('bus-entries')) {
      return { ErrorCode: 'InternalFailure', ErrorMessage: 'says the simulation' }
    }
    const event = toEnvelope(toWireForm(entry), { ...PLACE, id: 'E', nowMs: world.timeline.now() })
    if ('ErrorCode' in event) return event
    accept(event)
    return { EventId: event.id }
  }

  async function putEntries(entries: readonly PutEventsRequestEntry[]) {
    try {
      checkEntries(entries.map(toWireForm))
    } catch (error) {
      onOverLimit(String(error))
      throw error
    }
    const Entries = entries.map(putEntry)
    const FailedEntryCount = Entries.filter(entry => 'ErrorCode' in entry).length
    return adaptAnswer({ FailedEntryCount, Entries })
  }

  const put = (event: Omit<Envelope, 'time'>): void =>
    accept({ ...event, time: `${new Date(world.timeline.now()).toISOString().slice(0, 19)}Z` })

  const createClient = (process: Process): EventBridgeClient =>
    ({
      send: ({ input: { Entries = [] } }: PutEventsCommand) => {
        const types = [...new Set(Entries.map(({ DetailType }) => DetailType))].join()
        return awsCall(world, process, `bus.put ${types}`, () => putEntries(Entries))
      },
    }) as unknown as EventBridgeClient

  return { put, busOf: process => eventBus(createClient(process), 'bus', process) }
}
