import { expiryWarning } from '../source/token-expiry.ts'
import { type HealthSubject, REASONS, type Recovery } from './health-event.ts'
import { after, healedHealth, type TaskHealth } from './task-health.ts'
import {
  CAUGHT_UP,
  type CursorReset,
  cursorResetWarning,
  type ExpiryBoundary,
  type OpenWarnings,
  tokenExpiryWarning,
  tokenReplaced,
  WARNING_CHANGED,
  type Warning,
  type WarningEnd,
  type WarningKind,
  warningEvent,
  warningOverEvent,
} from './warning.ts'

const KINDS: readonly WarningKind[] = ['TokenExpiry', 'CursorReset']

type Ending = Omit<WarningEnd, 'since'>

/** Undefined if no warning of this kind is open. */
function unwarned(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  kind: WarningKind,
  ending: Ending,
): TaskHealth | undefined {
  const { [kind]: closed, ...others } = health?.warnings ?? {}
  if (!health || !closed) return undefined
  const end = warningOverEvent(subject, kind, { ...ending, since: closed.since }, health.changes + 1)
  return after(health, [end], { open: health.open, warnings: others })
}

/** One that is open already is closed first: an event's text never changes. */
function warned<Kind extends WarningKind>(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  kind: Kind,
  warning: Warning & { readonly open: NonNullable<OpenWarnings[Kind]> },
): TaskHealth {
  const { open, ...told } = warning
  const before = unwarned(health, subject, kind, { ...WARNING_CHANGED, at: warning.at }) ?? health
  const begin = warningEvent(subject, kind, told, (before?.changes ?? 0) + 1)
  return after(before, [begin], { open: before?.open, warnings: { ...before?.warnings, [kind]: open } })
}

/** Of one token it only ever gets graver, though clocks differ. That it has expired is for its refusal to say. */
function saysMore(open: OpenWarnings['TokenExpiry'], expires: string, within: ExpiryBoundary): boolean {
  return open?.expires !== expires || (open.within === 'days14' && within === 'days3')
}

/**
 * After a run that has read its token, which expires at a time (RFC 3339) or does not say so. Undefined if the health
 * stays as it was.
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
    return isSame ? undefined : unwarned(health, subject, 'TokenExpiry', { ...tokenReplaced(expires), at })
  }
  if (!saysMore(open, expires, within)) return undefined
  const warning = { ...tokenExpiryWarning(expires, at), open: { since: at, expires, within } }
  return warned(health, subject, 'TokenExpiry', warning)
}

/** After a refused cursor was replaced. */
export const resetHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  reset: CursorReset,
  at: string,
): TaskHealth =>
  warned(health, subject, 'CursorReset', { ...cursorResetWarning(reset, at), open: { since: at } })

/** After a run that has read all there was. Undefined if no reset was open. */
export const caughtUpHealth = (
  health: TaskHealth | undefined,
  subject: HealthSubject,
  at: string,
): TaskHealth | undefined => unwarned(health, subject, 'CursorReset', { ...CAUGHT_UP, at })

/** When a task is collected no more: what is open is closed, errors and warnings. Undefined if nothing was. */
export function closedHealth(
  health: TaskHealth | undefined,
  subject: HealthSubject,
  { reason, at }: Recovery,
): TaskHealth | undefined {
  const [title, description] = REASONS[reason]
  return KINDS.reduce(
    (now, kind) => unwarned(now ?? health, subject, kind, { title, description, at }) ?? now,
    healedHealth(health, subject, { reason, at }),
  )
}
