import { randomUUID } from 'node:crypto'
import { type EmulatedService, jsonService, Refusal } from './service.ts'

/** An event as a rule's target receives it. */
export interface BusEvent {
  readonly id: string
  readonly source: string
  readonly 'detail-type': string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface EventBuses extends EmulatedService {
  /** Returns the events since the last call, oldest first. */
  take(): BusEvent[]
}

const MAX_ENTRIES = 10
const MEMBERS = ['EventBusName', 'Source', 'DetailType', 'Detail']

/** EventBridge with PutEvents only. The test invokes the targets. */
export function eventBuses(names: readonly string[], tellUnknown: (what: string) => void): EventBuses {
  const put: BusEvent[] = []

  function accept(entry: Readonly<Record<string, string>>): { EventId: string } {
    const strange = Object.keys(entry).filter(member => !MEMBERS.includes(member))
    if (strange.length > 0) tellUnknown(`PutEvents entry: ${strange.join(' ')}`)
    if (!names.includes(entry['EventBusName'] ?? '')) tellUnknown(`event bus ${entry['EventBusName']}`)
    const { Source = '', DetailType = '', Detail = '' } = entry
    const id = randomUUID()
    put.push({ id, source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) })
    return { EventId: id }
  }

  const PutEvents = {
    members: ['Entries'],
    run({ Entries }: Readonly<Record<string, unknown>>) {
      const entries = Entries as Readonly<Record<string, string>>[]
      if (entries.length < 1 || entries.length > MAX_ENTRIES)
        throw new Refusal('ValidationException', `${entries.length} entries`)
      return { FailedEntryCount: 0, Entries: entries.map(accept) }
    },
  }
  return { take: () => put.splice(0), ...jsonService('AWSEvents', { PutEvents }, tellUnknown) }
}
