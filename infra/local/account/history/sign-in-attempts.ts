import {
  type Actor,
  clientMembers,
  findSession,
  locationMembers,
  pickActor,
  userMembersForV2,
} from './actor.ts'
import type { EventContext, EventKind } from './made-up-event.ts'
import { addressIn, ELSEWHERE } from './places.ts'

/**
 * Every category, the types that occur with it (docs/reference/events-api.md, "Sign-in attempts"), and their weights.
 */
const TYPES_BY_CATEGORY = {
  success: { credentials_ok: 800, mfa_ok: 120, federated: 40 },
  credentials_failed: { password_secret_bad: 40 },
  mfa_failed: {
    mfa_missing: 4,
    totp_disabled: 1,
    totp_bad: 6,
    totp_timeout: 2,
    u2f_disabled: 1,
    u2f_bad: 1,
    u2f_timeout: 2,
    duo_disabled: 1,
    duo_bad: 1,
    duo_timeout: 2,
    duo_native_bad: 1,
    platform_secret_disabled: 1,
    platform_secret_bad: 1,
    platform_secret_proxy: 1,
    code_disabled: 1,
    code_bad: 2,
    code_timeout: 1,
  },
  sso_failed: { service_account_sso_denied: 1, non_sso_user: 2, sso_user_mismatch: 1 },
  modern_version_failed: { modern_version_missing: 1, modern_version_old: 3 },
  firewall_failed: {
    ip_blocked: 3,
    continent_blocked: 2,
    country_blocked: 4,
    anonymous_blocked: 2,
    all_blocked: 1,
  },
  firewall_reported_success: {
    ip_blocked: 1,
    continent_blocked: 1,
    country_blocked: 2,
    anonymous_blocked: 1,
  },
} as const

const CONTINENTS: Readonly<Record<string, string>> = { RU: 'Europe', NG: 'Africa', VN: 'Asia' }

/** Returns the value of the firewall rule that matched; null if there is no such rule. */
function makeDetails(type: string, { place, address }: Actor): { value: string } | null {
  if (type === 'ip_blocked') return { value: address }
  if (type === 'country_blocked') return { value: place.country }
  if (type === 'continent_blocked') return { value: CONTINENTS[place.country] ?? 'Asia' }
  return null
}

/** A firewall stops sign-ins from places where nobody of the account lives. */
function pickSigner(context: EventContext, category: string): Actor {
  const actor = pickActor(context)
  if (!category.startsWith('firewall')) return actor
  const place = context.random.pick(ELSEWHERE)
  return { ...actor, place, address: addressIn(place, context.random.integer(10)) }
}

function signInAttempt(context: EventContext, category: string, type: string): object {
  const { world, random, uuid, timestamp, atMs } = context
  const actor = pickSigner(context, category)
  const succeeds = category.endsWith('success')
  return {
    uuid,
    session_uuid: succeeds ? findSession(world, actor, atMs).uuid : random.uuid(),
    timestamp,
    category,
    type,
    country: actor.place.country,
    details: makeDetails(type, actor),
    target_user: userMembersForV2(actor.person, random),
    client: clientMembers(actor),
    ...locationMembers(actor.place, random),
    ...(random.chance(0.9) ? { account_uuid: world.accountUuid } : {}),
  }
}

export const SIGN_IN_KINDS: readonly EventKind[] = Object.entries(TYPES_BY_CATEGORY).flatMap(
  ([category, types]) =>
    Object.entries(types).map(([type, weight]) => ({
      weight,
      build: (context: EventContext) => signInAttempt(context, category, type),
    })),
)
