import type { Api } from '../../contract/apis.ts'
import { RETENTION_DAYS } from '../../contract/limits.ts'
import type { ExpiryWarning } from '../source/token-expiry.ts'
import type { SuccessorFault } from '../source/token-successor.ts'
import { type HealthEvent, type HealthSubject, healthEvent } from './health-event.ts'
import type { Step } from './step.ts'

/** The kinds of warnings. Each task has its own warnings, and at most one of each kind is open. */
export type WarningKind =
  | 'TokenExpiry'
  | 'TokenSuccessor'
  | 'CursorReset'
  | 'OverlapUnknown'
  | 'UnreadablePage'
  | 'TableRestored'

/** How near the expiry is, for a token that is still valid. */
export type ExpiryBoundary = Exclude<ExpiryWarning, 'expired'>

/** The warnings whose events are open. `since` is the event's time. */
export interface OpenWarnings {
  readonly TokenExpiry?: {
    readonly since: string
    readonly expires: string
    readonly within: ExpiryBoundary
  }
  readonly TokenSuccessor?: { readonly since: string; readonly fault: SuccessorFault }
  readonly CursorReset?: { readonly since: string }
  readonly OverlapUnknown?: { readonly since: string }
  readonly UnreadablePage?: { readonly since: string }
  readonly TableRestored?: { readonly since: string }
}

export interface Words {
  readonly title: string
  readonly description: string
}

/** The texts and the time of a warning's event. */
export interface Warning extends Words {
  readonly at: string
  readonly errorCode?: string
}

const toEventName = (kind: WarningKind) => `${kind}Warning` as const

const toTrackerId = (kind: WarningKind, api: Api): string => `${toEventName(kind)}/${api}`

/** Creates the event of a warning that begins. */
export const warningEvent = (
  subject: HealthSubject,
  kind: WarningKind,
  warning: Warning,
  number: number,
): HealthEvent =>
  healthEvent(subject, {
    ...warning,
    number,
    status: 'UnHealthy',
    severity: 'Warning',
    trackerId: toTrackerId(kind, subject.api),
    eventName: toEventName(kind),
  })

export interface WarningEnd extends Words {
  /** When the warning began. */
  readonly since: string
  readonly at: string
}

/** Creates the event of a warning that is over. */
export const warningOverEvent = (
  subject: HealthSubject,
  kind: WarningKind,
  { title, description, since, at }: WarningEnd,
  number: number,
): HealthEvent =>
  healthEvent(subject, {
    number,
    status: 'Healthy',
    severity: 'Warning',
    trackerId: toTrackerId(kind, subject.api),
    eventName: 'TrackerHealthy',
    at,
    title,
    description: `${description} The warning had stood since ${since}.`,
  })

const DAY_MS = 24 * 3_600_000

function timeLeft(expires: string, at: string): string {
  const days = Math.ceil((Date.parse(expires) - Date.parse(at)) / DAY_MS)
  return days === 1 ? 'one day' : `${days} days`
}

export const tokenExpiryWarning = (expires: string, at: string): Warning => ({
  at,
  title: `the API token expires on ${expires.slice(0, 10)}`,
  description:
    `The API token in use expires at ${expires}, within ${timeLeft(expires, at)}. From then on 1Password refuses it and ` +
    'nothing is collected. Issue a new token in 1Password (Integrations, Events Reporting) and update api_token with ' +
    'it, or write it into the secret of the source.',
})

export const tokenReplaced = (expires: string | undefined): Words => ({
  title: 'another API token is in use',
  description:
    expires === undefined
      ? 'The API token in use now does not say that it expires.'
      : `The API token in use now expires at ${expires}.`,
})

const SUCCESSOR_FAULTS: Readonly<Record<SuccessorFault, string>> = {
  unusable:
    'it is not a text of printable characters without spaces, alone, in quotes or as the one member of a JSON object',
  refused: '1Password refuses it',
  featureMissing: 'it lacks the feature of this API',
  otherAccount: 'it belongs to another account',
}

export const successorWarning = (fault: SuccessorFault, at: string): Warning => ({
  at,
  title: 'the new API token in the secret is not used',
  description:
    `Somebody has written a new API token into the secret of the source, and ${SUCCESSOR_FAULTS[fault]}. The source keeps ` +
    'the API token that it has. Write a right token into the secret, or update api_token with it.',
})

export const SUCCESSOR_SETTLED: Words = {
  title: 'the secret holds no unusable API token any more',
  description: 'The API token in use is the one that the source is to have.',
}

/** A time of which no event can be read any more. RFC 3339. */
export interface Gap {
  readonly from: string
  readonly to: string
}

/** A cursor that 1Password refused, and what takes its place. */
export interface CursorReset {
  /** The refusal as received, bounded, with its HTTP status. */
  readonly answer: string
  /** When 1Password gave the cursor. Absent if nobody knows. */
  readonly cursorSince?: string
  readonly lastEventTime?: string
  /** Where the reset cursor begins. */
  readonly from: string
  /** From when to when nothing can be read any more. Absent if nothing is missing. */
  readonly gap?: Gap
}

const RETENTION = `1Password keeps events for ${RETENTION_DAYS} days, and nothing was read for longer`

/** What can be read no more, because 1Password no longer keeps it. */
export const gapWarning = ({ from, to }: Gap, at: string): Warning => ({
  at,
  title: 'events are missing',
  description: `${RETENTION}. What happened from ${from} to ${to} cannot be read any more. Collection goes on from ${to}.`,
})

export const cursorResetWarning = (
  { answer, cursorSince, lastEventTime, from, gap }: CursorReset,
  at: string,
): Warning => ({
  at,
  title: 'collected again from an earlier time',
  description:
    `${answer} — 1Password refuses the cursor${cursorSince === undefined ? '' : ` that it gave at ${cursorSince}`}` +
    `${lastEventTime === undefined ? '' : `; the last event delivered is of ${lastEventTime}`}. Events are read again ` +
    `from ${from} on, and those that were delivered already are dropped by their uuid. ` +
    `${gap ? `${RETENTION}: what happened from ${gap.from} to ${gap.to} cannot be read any more. ` : ''}There is nothing ` +
    'to do unless this happens often: then check any proxy in between.',
  errorCode: '400',
})

/** What could not be read of a page. */
export interface UnreadableItems {
  readonly count: number
  /** The folder of the lake in which they lie. Undefined if the source has processing rules: then they are not kept. */
  readonly key?: string
}

/** What was received is not kept beside the lake, if rules might have masked or dropped it. */
const WITHHELD =
  'was not kept, because the source has processing rules, and these can be applied to events only'

export const unreadablePageWarning = ({ count, key }: UnreadableItems, at: string): Warning => ({
  at,
  title: 'a page held items that are no events',
  description:
    `${count === 1 ? 'An item' : `${count} items`} of a page could not be read, although the page was asked for three ` +
    `times. The rest of the page is delivered. What could not be read ${key === undefined ? WITHHELD : `lies in the lake as received, at ${key}`}; more may ` +
    `have come since. ${key === undefined ? 'Show' : 'Look at it, and show'} it to 1Password, or check any proxy in between.`,
  errorCode: '200',
})

/** Where the walk along the ledger ended before the end of the overlap. */
export interface UnknownOverlap {
  readonly key: string
  /** Completes the sentence "… because". */
  readonly why: string
  /** Where the overlap begins. */
  readonly from: string
}

export const overlapUnknownWarning = ({ key, why, from }: UnknownOverlap, at: string): Warning => ({
  at,
  title: 'some events may be delivered twice',
  description:
    `Events are read again from ${from} on. Which of them the object ${key}, or one before it, holds is not known, because ` +
    `${why}. Those may now be in the lake twice, with the same uuid. No event is missing.`,
})

/** What no way of asking could bring. */
export interface SteppedOver {
  /** From when to when nothing could be read. */
  readonly from: string
  readonly to: string
  /** Where lies what was received in its place. Undefined if it was too large to be received, or was not kept. */
  readonly key?: string
  /** The source has processing rules, so nothing was kept. */
  readonly isWithheld?: boolean
  /** Why it could not be read. */
  readonly why: string
}

function describeKept({
  key,
  isWithheld,
}: {
  readonly key: string | undefined
  readonly isWithheld: boolean | undefined
}): string {
  if (key !== undefined) return `What was received lies in the lake at ${key}.`
  return isWithheld ? `What was received ${WITHHELD}.` : 'It was too large to be kept.'
}

export const steppedOverWarning = ({ from, to, key, why, isWithheld }: SteppedOver, at: string): Warning => ({
  at,
  title: 'events could not be read and were stepped over',
  description:
    `${why} It stayed so when single events were asked for. What happened from ${from} to ${to} is not in the lake, as ` +
    'far as it was not delivered before; everything later is collected. ' +
    `${describeKept({ key, isWithheld })} ` +
    'Show it to 1Password, or check any proxy in between.',
  errorCode: '200',
})

/** An operator had something stepped over. */
export const askedStepWarning = ({ from, to, by, at: asked }: Step, at: string): Warning => ({
  at,
  title: 'events were stepped over, as somebody has asked',
  description:
    `${by} asked at ${asked} to go on from ${to}. What happened from ${from} to then is not in the lake, as far as it was ` +
    'not delivered before; everything later is collected.',
})

export const READABLE_AGAIN: Words = {
  title: 'pages can be read',
  description: 'For a day there was no news of items that could not be read.',
}

/** The lake holds what the table does not know. */
export const tableRestoredWarning = (lastSuccessAt: string | undefined, at: string): Warning => ({
  at,
  title: 'the tasks table is older than the lake',
  description:
    'The lake holds events that the tasks table does not know' +
    `${lastSuccessAt === undefined ? '' : `: its last run ended at ${lastSuccessAt}`}. The table was restored from a ` +
    'backup, or somebody has written to it. The objects in the lake count, and no event is delivered twice. There is ' +
    'nothing to do unless nobody has restored the table: then see who may write to it.',
})

export const IN_STEP: Words = {
  title: 'the tasks table has caught up with the lake',
  description: 'All that the lake holds was found.',
}

export const CAUGHT_UP: Words = {
  title: 'caught up',
  description: 'All that was to be read again has been read.',
}

export const WARNING_CHANGED: Words = {
  title: 'the warning has changed',
  description: 'Another warning has taken the place of this one.',
}
