import { SIGN_IN_ACTIVITIES } from './activities.ts'
import {
  clientActor,
  clientEndpoint,
  demandedUser,
  feature,
  metadata,
  PRODUCT,
  product,
} from './common-parts.ts'
import { trueFor } from './conversions.ts'
import { AUTHENTICATION } from './event-class.ts'
import { AUTH_FACTORS } from './object-types.ts'
import { SIGN_IN_SEVERITY, SIGN_IN_STATUS } from './outcomes.ts'
import { code, constant, join, type Part, value } from './rows.ts'
import type { Shape } from './shape.ts'

const FACTOR_TYPES = AUTH_FACTORS.rows.flatMap(({ words }) => words)
const TOTP_TYPES = AUTH_FACTORS.rows.flatMap(({ id, words }) => (id === 7 ? words : []))

const attempt: Part = {
  at: '',
  rows: [
    join('status_detail', ['category', 'type', 'details.value'], ' '),
    constant('is_remote', true),
    value('is_mfa', 'type', trueFor(['mfa_ok', 'mfa_missing', ...FACTOR_TYPES])),
  ],
}

const service: Part = {
  at: 'service',
  rows: [constant('name', PRODUCT), value('uid', 'account_uuid')],
}

const session: Part = {
  at: 'session',
  rows: [value('uid', 'session_uuid')],
  needs: ['uid'],
}

const authFactor: Part = {
  at: 'auth_factors[]',
  rows: [
    code('factor_type', 'type', AUTH_FACTORS, { others: 'none' }),
    value('is_totp', 'type', trueFor(TOTP_TYPES)),
  ],
  needs: ['factor_type_id'],
}

/** A sign-in attempt. */
export const SIGN_IN: Shape = {
  class: AUTHENTICATION,
  activity: { from: undefined, codes: SIGN_IN_ACTIVITIES, otherwise: 'logon' },
  status: { from: 'category', codes: SIGN_IN_STATUS },
  severity: { from: 'category', codes: SIGN_IN_SEVERITY },
  parts: [
    metadata('signinattempts', value('event_code', 'type')),
    product,
    feature('signinattempts'),
    attempt,
    demandedUser('user', {
      details: 'target_user',
      type: ['target_user.user_type', 'target_user.type'],
    }),
    service,
    session,
    authFactor,
    ...clientEndpoint,
    clientActor,
  ],
}
