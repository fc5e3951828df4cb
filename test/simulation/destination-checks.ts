import type { Api } from '../../shared/contract/apis.ts'
import { withoutMetadata } from '../../shared/domain/stream/event-line.ts'
import type { Account } from './account.ts'
import type { SimulatedDestination } from './destinations.ts'
import type { AccountEvent } from './history.ts'
import { eventsOf, keptPart } from './line-checks.ts'
import { streamOf } from './object-stream.ts'
import type { RuleHistory } from './rule-history.ts'
import { isDroppedBy, type RuleSet, toRuledText } from './rule-sets.ts'
import { type OnTask, type Stores, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'

interface DestinationCheckParts {
  readonly stores: Stores
  readonly destination: SimulatedDestination
  readonly accountOf: (sourceId: number) => Account
  readonly rules: RuleHistory
  readonly verdict: Verdict
}

interface DestinationChecks {
  readonly onTask: OnTask
  /** At the end of the quiet period. */
  audit(): void
}

type Events = readonly AccountEvent[]

/** Returns what sets of rules leave of events. There are few sets and few lists of events, so each is computed once. */
function createRuledTexts(): (events: Events, set: RuleSet) => ReadonlySet<string> {
  const known = new Map<Events, Map<string, ReadonlySet<string>>>()
  return (events, set) => {
    const bySet = known.get(events) ?? new Map<string, ReadonlySet<string>>()
    known.set(events, bySet)
    const name = set.map(rule => rule.name).join()
    const texts = bySet.get(name) ?? new Set(events.map(event => toRuledText(event, set)))
    bySet.set(name, texts)
    return texts
  }
}

/** Checks that the destination has what the lake has, and what it is. */
export function createDestinationChecks(parts: DestinationCheckParts): DestinationChecks {
  const { stores, destination, accountOf, rules, verdict } = parts
  if (!destination.isOn) return { onTask: () => undefined, audit: () => undefined }
  const { objects } = stores.lake
  const textsBy = createRuledTexts()

  /** Whether the text is what any rules that its source has had leave of an event. */
  function isUnaltered(stream: string, text: string): boolean {
    const [id = '', api = ''] = stream.split('/')
    const events = eventsOf(accountOf(Number(id)), api as Api)
    return rules.everOf(Number(id)).some(set => textsBy(events, set).has(text))
  }

  destination.onEvent = (stream, text) => {
    if (!isUnaltered(stream, text))
      verdict.broken('every event is unaltered in the destination', `${stream}: ${text}`)
  }

  function findMissing(key: string): string | undefined {
    const stream = taskName(streamOf(key))
    return objects.get(key)?.lines.find(line => !destination.has(stream, withoutMetadata(line)))
  }

  /**
   * An object that nobody could read for an hour is passed by, and its events are read again: by then its source may have other
   * rules.
   */
  function wasReadAgain(key: string, line: string): boolean {
    const { sourceId, api } = streamOf(key)
    const sets = rules.everOf(sourceId)
    const event = eventsOf(accountOf(sourceId), api).find(({ uuid }) => line.includes(keptPart(uuid)))
    if (sets.length < 2 || !event) return false
    const stream = taskName({ sourceId, api })
    return sets.some(set => isDroppedBy(event, set) || destination.has(stream, toRuledText(event, set)))
  }

  function onTask({ after, before }: Parameters<OnTask>[0]): void {
    const key = after?.lastObjectKey
    if (key === undefined || key === before?.lastObjectKey) return
    const missing = findMissing(key)
    if (missing !== undefined) verdict.broken('handed over before it is committed', `${key}: ${missing}`)
  }

  function audit(): void {
    const sources = new Set(stores.registry.stored.sources.values().map(({ id }) => id))
    for (const key of objects.keys()) {
      if (!destination.hasLake) verdict.broken('without a lake there are no objects', key)
      // Who deletes a source decides that what is on its way goes nowhere.
      if (!sources.has(streamOf(key).sourceId)) continue
      const missing = findMissing(key)
      if (missing !== undefined && !wasReadAgain(key, missing))
        verdict.broken('what is in the lake is in the destination', `${key}: ${missing}`)
    }
  }

  return { onTask, audit }
}
