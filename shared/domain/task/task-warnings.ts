import { expiryWarning } from '../source/token-expiry.ts'
import type { SuccessorFault } from '../source/token-successor.ts'
import { type HealthSubject, REASONS, type Recovery } from './health-event.ts'
import type { Step } from './step.ts'
import { addEvents, healedHealth, type TaskHealth } from './task-health.ts'
import {
  askedStepWarning,
  CAUGHT_UP,
  type CursorReset,
  cursorResetWarning,
  type ExpiryBoundary,
  type Gap,
  gapWarning,
  IN_STEP,
  type OpenWarnings,
  overlapUnknownWarning,
  READABLE_AGAIN,
  type SteppedOver,
  SUCCESSOR_SETTLED,
  steppedOverWarning,
  successorWarning,
  tableRestoredWarning,
  tokenExpiryWarning,
  tokenReplaced,
  type UnknownOverlap,
  type UnreadableItems,
  unreadablePageWarning,
  WARNING_CHANGED,
  type Warning,
  type WarningEnd,
  type WarningKind,
  warningEvent,
  warningOverEvent,
} from './warning.ts'

const KINDS: readonly WarningKind[] = [
  'TokenExpiry',
  'TokenSuccessor',
  'CursorReset',
  'OverlapUnknown',
  'UnreadablePage',
  'TableRestored',
]

type Ending = Omit<WarningEnd, 'since'>

/** Ends the warning of a kind. Undefined if none is open. */
function endWarning(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  kind: WarningKind,
  ending: Ending,
): TaskHealth | undefined {
  const { [kind]: closed, ...others } = health?.warnings ?? {}
  if (!health || !closed) return undefined
  const end = warningOverEvent(subject, kind, { ...ending, since: closed.since }, health.changes + 1)
  return addEvents(health, [end], { open: health.open, warnings: others })
}

/** Begins a warning. An open one of the kind is ended first, because the text of an event never changes. */
function beginWarning<Kind extends WarningKind>(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  kind: Kind,
  warning: Warning & { readonly open: NonNullable<OpenWarnings[Kind]> },
): TaskHealth {
  const { open, ...words } = warning
  const before = endWarning(health, subject, kind, { ...WARNING_CHANGED, at: warning.at }) ?? health
  const begin = warningEvent(subject, kind, words, (before?.changes ?? 0) + 1)
  return addEvents(before, [begin], { open: before?.open, warnings: { ...before?.warnings, [kind]: open } })
}

/** Whether an event is needed. For the same token only a graver warning is news, because clocks of instances differ. */
function isNews(open: OpenWarnings['TokenExpiry'], expires: string, within: ExpiryBoundary): boolean {
  return open?.expires !== expires || (open.within === 'days14' && within === 'days3')
}

/**
 * The health after a run that has read its token. `expires`: RFC 3339, undefined if the token does not say when it
 * expires. Returns undefined if the health stays as it was.
 */
export function expiryHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  expires: string | undefined,
  at: string,
): TaskHealth | undefined {
  const open = health?.warnings?.TokenExpiry
  const within = expires === undefined ? undefined : expiryWarning(Date.parse(expires), Date.parse(at))
  if (expires === undefined || within === undefined || within === 'expired') {
    const isSame = open?.expires === expires
    return isSame ? undefined : endWarning(health, subject, 'TokenExpiry', { ...tokenReplaced(expires), at })
  }
  if (!isNews(open, expires, within)) return undefined
  const warning = { ...tokenExpiryWarning(expires, at), open: { since: at, expires, within } }
  return beginWarning(health, subject, 'TokenExpiry', warning)
}

/**
 * The health after a run that has looked for a newer token in the secret. `fault`: what is wrong with that token, undefined
 * if nothing is. Returns undefined if the health stays as it was.
 */
export function successorHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  fault: SuccessorFault | undefined,
  at: string,
): TaskHealth | undefined {
  if (fault === undefined) return endWarning(health, subject, 'TokenSuccessor', { ...SUCCESSOR_SETTLED, at })
  if (health?.warnings?.TokenSuccessor?.fault === fault) return undefined
  const warning = { ...successorWarning(fault, at), open: { since: at, fault } }
  return beginWarning(health, subject, 'TokenSuccessor', warning)
}

/** The health after a refused cursor was replaced. */
export const resetHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  reset: CursorReset,
  at: string,
): TaskHealth =>
  beginWarning(health, subject, 'CursorReset', { ...cursorResetWarning(reset, at), open: { since: at } })

/** The health after a chain that begins where 1Password still has events: what was before is missing. */
export const gapHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  gap: Gap,
  at: string,
): TaskHealth => beginWarning(health, subject, 'CursorReset', { ...gapWarning(gap, at), open: { since: at } })

/** The health after a run found an object that the table did not know. Undefined if that is open already. */
export const restoredHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  lastSuccessAt: string | undefined,
  at: string,
): TaskHealth | undefined =>
  health?.warnings?.TableRestored
    ? undefined
    : beginWarning(health, subject, 'TableRestored', {
        ...tableRestoredWarning(lastSuccessAt, at),
        open: { since: at },
      })

/** The health after a walk along the ledger that could not be ended. */
export const overlapUnknownHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  unknown: UnknownOverlap,
  at: string,
): TaskHealth =>
  beginWarning(health, subject, 'OverlapUnknown', {
    ...overlapUnknownWarning(unknown, at),
    open: { since: at },
  })

/** How long a warning of an unreadable page stays open. Meanwhile there is no other one. */
const UNREADABLE_MS = 24 * 3_600_000

/** The health after a page with items that could not be read. Undefined if a warning is open: it says enough. */
export const unreadableHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  unreadable: UnreadableItems,
  at: string,
): TaskHealth | undefined =>
  health?.warnings?.UnreadablePage
    ? undefined
    : beginWarning(health, subject, 'UnreadablePage', {
        ...unreadablePageWarning(unreadable, at),
        open: { since: at },
      })

/** The health after something was stepped over. An open warning is replaced: this is worse. */
export const steppedOverHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  steppedOver: SteppedOver,
  at: string,
): TaskHealth =>
  beginWarning(health, subject, 'UnreadablePage', {
    ...steppedOverWarning(steppedOver, at),
    open: { since: at },
  })

/** The health after an operator had something stepped over. */
export const askedStepHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  step: Step,
  at: string,
): TaskHealth =>
  beginWarning(health, subject, 'UnreadablePage', { ...askedStepWarning(step, at), open: { since: at } })

function readableHealth(health: TaskHealth | undefined, subject: HealthSubject, at: string) {
  const { since } = health?.warnings?.UnreadablePage ?? {}
  const isOver = since !== undefined && Date.parse(at) - Date.parse(since) >= UNREADABLE_MS
  return isOver ? endWarning(health, subject, 'UnreadablePage', { ...READABLE_AGAIN, at }) : undefined
}

/** The health after a run that has read all there was. Undefined if no warning ends with it. */
export function caughtUpHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  at: string,
): TaskHealth | undefined {
  const caughtUp = endWarning(health, subject, 'CursorReset', { ...CAUGHT_UP, at })
  const inStep = endWarning(caughtUp ?? health, subject, 'TableRestored', { ...IN_STEP, at }) ?? caughtUp
  const known = endWarning(inStep ?? health, subject, 'OverlapUnknown', { ...CAUGHT_UP, at }) ?? inStep
  return readableHealth(known ?? health, subject, at) ?? known
}

/** The health when a task is no longer collected: open errors and warnings are closed. Undefined if none was open. */
export function closedHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  { reason, at }: Recovery,
): TaskHealth | undefined {
  const [title, description] = REASONS[reason]
  return KINDS.reduce(
    (now, kind) => endWarning(now ?? health, subject, kind, { title, description, at }) ?? now,
    healedHealth(health, subject, { reason, at }),
  )
}
