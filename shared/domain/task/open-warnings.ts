import {
  type OpenWarnings,
  successorWarning,
  tokenExpiryWarning,
  type WarningKind,
  type Words,
} from './warning.ts'

/** A warning whose event is open, in words. */
export interface OpenWarning extends Words {
  readonly kind: WarningKind
  /** The time of its event. RFC 3339. */
  readonly since: string
}

/** A task keeps no more of these warnings than since when they are open: their events say the rest. */
const BRIEFLY: Readonly<Record<Exclude<WarningKind, 'TokenExpiry' | 'TokenSuccessor'>, Words>> = {
  CursorReset: {
    title: 'collected again from an earlier time',
    description:
      '1Password refused the cursor, or no longer keeps what was to be read next. The health event says from when on ' +
      'events are read again, and whether any are missing.',
  },
  OverlapUnknown: {
    title: 'some events may be delivered twice',
    description:
      'It could not be found out which of the events that are read again are in the lake already. The health event says ' +
      'from when on some may be there twice, with the same uuid. No event is missing.',
  },
  UnreadablePage: {
    title: 'a page could not be read as a whole',
    description:
      'The health event says what could not be read, where it lies in the lake, and what was left out.',
  },
  TableRestored: {
    title: 'the tasks table is older than the lake',
    description:
      'The lake holds events that the tasks table did not know: it was restored from a backup, or somebody has written to ' +
      'it. The objects in the lake count, and no event is delivered twice.',
  },
}

function toWords(kind: WarningKind, warnings: OpenWarnings): Words | undefined {
  const { TokenExpiry: expiry, TokenSuccessor: successor } = warnings
  if (kind === 'TokenExpiry') return expiry && tokenExpiryWarning(expiry.expires, expiry.since)
  if (kind === 'TokenSuccessor') return successor && successorWarning(successor.fault, successor.since)
  return BRIEFLY[kind]
}

const toPlace = ({ since, kind }: OpenWarning): string => `${since} ${kind}`

/** Returns the open warnings of a task, the oldest first. A kind that this code does not know is left out. */
export function describeOpenWarnings(warnings: OpenWarnings = {}): readonly OpenWarning[] {
  const known = Object.entries(warnings).flatMap(([name, { since }]) => {
    const kind = name as WarningKind
    const words = toWords(kind, warnings)
    return words ? [{ kind, since, title: words.title, description: words.description }] : []
  })
  return known.sort((a, b) => (toPlace(a) < toPlace(b) ? -1 : 1))
}
