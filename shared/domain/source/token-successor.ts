import type { Introspection } from './introspection.ts'
import { tokenExpiryMs } from './token-expiry.ts'

/** Why a token that a user has written into the secret by hand is not used. */
export type SuccessorFault = 'unusable' | 'refused' | 'featureMissing' | 'otherAccount'

/** What a successor must be able to do. */
interface Needed {
  readonly feature: string
  /** The account that the task reads. Undefined if it is not known. */
  readonly accountUuid: string | undefined
}

/** Judges a successor by what the API says of it. Returns undefined if the token may be used. */
export function judgeSuccessor(
  said: Introspection | 'refused',
  { feature, accountUuid }: Needed,
): SuccessorFault | undefined {
  if (said === 'refused') return 'refused'
  const isOther =
    accountUuid !== undefined && said.accountUuid !== undefined && said.accountUuid !== accountUuid
  if (isOther) return 'otherAccount'
  return said.features.includes(feature) ? undefined : 'featureMissing'
}

/** Whether a token says that it lasts longer than the other one, or does not say when it expires. */
export const lastsLonger = (token: string, otherExpiresMs: number): boolean =>
  (tokenExpiryMs(token) ?? Number.POSITIVE_INFINITY) > otherExpiresMs
