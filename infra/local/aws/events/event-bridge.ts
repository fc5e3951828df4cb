import { randomUUID } from 'node:crypto'
import {
  jsonAnswer,
  jsonFailure,
  jsonInput,
  operationName,
  refuseUnknownMembers,
} from '../gateway/json-protocol.ts'
import { type Need, notEmulated, type Service, ServiceError } from '../gateway/service.ts'
import type { BusResource, Deployment } from '../template/model.ts'
import { checkEntries, type Entry, type EntryResult, type EventEnvelope, toEnvelope } from './put-events.ts'

export interface EventBridgeOptions {
  readonly deployment: Deployment
  readonly clock: { now(): number }
  /** Takes the accepted events of one bus. PutEvents waits for it. */
  readonly putEvents: (busName: string, envelopes: readonly EventEnvelope[]) => Promise<void> | void
  readonly log: (message: string) => void
}

const DEFAULT_BUS = 'default'

export function createEventBridge(options: EventBridgeOptions): Service {
  return {
    name: 'events',
    operation(call) {
      const name = operationName(call)
      if (name !== 'PutEvents') throw notEmulated(`events:${name}`, 400)
      const input = jsonInput(call)
      refuseUnknownMembers('events:PutEvents', input, new Set(['Entries']))
      const entries = (Array.isArray(input['Entries']) ? input['Entries'] : []) as readonly Entry[]
      checkEntries(entries)
      return {
        name,
        needs: findNeeds(entries, options.deployment),
        perform: async () => jsonAnswer(call, await accept(entries, options)),
      }
    },
    failure: jsonFailure,
    close: async () => undefined,
  }
}

function findNeeds(entries: readonly Entry[], deployment: Deployment): [Need, ...Need[]] {
  const arns = new Set(entries.map(entry => toBusArn(entry, deployment)))
  const [first, ...others] = [...arns].map(resource => ({ action: 'events:PutEvents', resource }))
  if (!first) throw new ServiceError('ValidationException', 'There is no entry')
  return [first, ...others]
}

function toBusArn({ EventBusName: named = DEFAULT_BUS }: Entry, { region, account }: Deployment): string {
  return named.startsWith('arn:') ? named : `arn:aws:events:${region}:${account}:event-bus/${named}`
}

interface Accepted {
  readonly arn: string
  readonly envelope: EventEnvelope
}

async function accept(entries: readonly Entry[], options: EventBridgeOptions): Promise<object> {
  const { deployment, clock } = options
  const { account, region } = deployment
  const read = entries.map(entry => {
    const envelope = toEnvelope(entry, { id: randomUUID(), account, region, nowMs: clock.now() })
    return 'ErrorCode' in envelope ? envelope : { arn: toBusArn(entry, deployment), envelope }
  })
  const accepted = read.filter((item): item is Accepted => 'envelope' in item)
  for (const [arn, items] of Map.groupBy(accepted, item => item.arn)) {
    await deliver(
      arn,
      items.map(({ envelope }) => envelope),
      options,
    )
  }
  const results = read.map((item): EntryResult => ('envelope' in item ? { EventId: item.envelope.id } : item))
  return { FailedEntryCount: read.length - accepted.length, Entries: results }
}

async function deliver(
  arn: string,
  envelopes: readonly EventEnvelope[],
  options: EventBridgeOptions,
): Promise<void> {
  const bus = arn.endsWith(`:event-bus/${DEFAULT_BUS}`)
    ? { name: DEFAULT_BUS }
    : options.deployment.buses.find((candidate: BusResource) => candidate.arn === arn)
  if (bus) return await options.putEvents(bus.name, envelopes)
  // EventBridge itself accepts events for a bus that does not exist, and drops them (aws/aws-cli#9186).
  options.log(`${envelopes.length} events for the event bus ${arn}, which does not exist, were dropped`)
}
