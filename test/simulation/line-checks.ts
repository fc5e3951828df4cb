import { APIS, type Api } from '../../shared/contract/apis.ts'
import type { TaskKey } from '../../shared/domain/task/task.ts'
import type { Account } from './account.ts'
import type { AccountEvent } from './history.ts'
import type { RuleHistory } from './rule-history.ts'
import { HIDDEN_LENGTH, isDroppedBy, type RuleSet, toRuledText } from './rule-sets.ts'
import type { Verdict } from './verdict.ts'

/** Checks each line of an object by itself. */
export interface LineChecks {
  /** Returns the uuid of the event that a line is. Undefined if the account has no such event. */
  findUuid(line: string): string | undefined
  check(key: string, line: string): void
}

interface LineCheckParts {
  readonly accountOf: (sourceId: number) => Account
  readonly rules: RuleHistory
  readonly verdict: Verdict
  readonly now: () => number
}

const UUID_AT = '{"uuid":"'.length
const UUID_LENGTH = 26

/** The part of a uuid that no rule hides. */
export const keptPart = (uuid: string): string => uuid.slice(HIDDEN_LENGTH)

/** What follows the members of an event in its line. */
const METADATA = /^,"(_metadata\w*)":\{"collector":/

/** Only a text with one of these can have a member with such a name. */
const MAY_NAME_METADATA = /_m|\\/i

const hasMember = (json: string, name: string): boolean =>
  MAY_NAME_METADATA.test(json) && Object.keys(JSON.parse(json)).some(own => own.toLowerCase() === name)

export const eventsOf = (account: Account, api: Api): readonly AccountEvent[] =>
  account.streams[APIS[api].feature]

function byKeptPart() {
  const known = new Map<readonly AccountEvent[], ReadonlyMap<string, AccountEvent>>()
  return (events: readonly AccountEvent[]): ReadonlyMap<string, AccountEvent> => {
    const found = known.get(events) ?? new Map(events.map(event => [keptPart(event.uuid), event]))
    known.set(events, found)
    return found
  }
}

/** Returns the name that a line has added to what these rules leave of an event. Undefined if it is another text. */
function findAddedName(event: AccountEvent, line: string, rules: RuleSet) {
  const text = toRuledText(event, rules)
  const added = METADATA.exec(line.slice(text.length - 1))?.[1]
  return line.startsWith(text.slice(0, -1)) && added !== undefined ? { text, added } : undefined
}

/** Returns the checks of an object that comes into the lake now, by its stream. */
export function createLineChecks({ accountOf, rules, verdict, now }: LineCheckParts) {
  const indexOf = byKeptPart()

  return ({ sourceId, api }: TaskKey): LineChecks => {
    const index = indexOf(eventsOf(accountOf(sourceId), api))
    const inForce = rules.inForce(sourceId, now())
    const findEvent = (line: string): AccountEvent | undefined =>
      index.get(keptPart(line.slice(UUID_AT, UUID_AT + UUID_LENGTH)))

    function findAdded(event: AccountEvent, line: string) {
      for (const set of inForce) {
        const found = isDroppedBy(event, set) ? undefined : findAddedName(event, line, set)
        if (found) return found
      }
      return undefined
    }

    return {
      findUuid: line => findEvent(line)?.uuid,
      check(key, line) {
        const event = findEvent(line)
        if (!event) {
          verdict.broken('every event is one of the account', `${key}: ${line}`)
          return
        }
        const found = findAdded(event, line)
        if (found && hasMember(found.text, found.added))
          verdict.broken('we add no name that a line has already', `${key}: ${line}`)
        if (found) return
        const invariant = inForce.some(set => set.length > 0)
          ? 'every event is as the rules of its source leave it'
          : 'every event is unaltered'
        verdict.broken(invariant, `${key}: ${line}`)
      },
    }
  }
}
