import { codes } from './codes.ts'

/** The types of users, by the source's word or by ours for a service account. */
export const USER_TYPES = codes([1, 'User', 'user'], [4, 'Service', 'service'])

export const OS_TYPES = codes(
  [100, 'Windows', 'Windows'],
  [200, 'Linux', 'Linux'],
  [201, 'Android', 'Android'],
  [300, 'macOS', 'MacOSX macOS'],
  [301, 'iOS', 'iOS'],
)

/** The second factor that a sign-in attempt was about. */
export const AUTH_FACTORS = codes(
  [5, 'Push Notification', 'duo_disabled duo_bad duo_timeout duo_native_bad'],
  [7, 'OTP', 'totp_disabled totp_bad totp_timeout'],
  [8, 'Email', 'code_disabled code_bad code_timeout'],
  [9, 'U2F', 'u2f_disabled u2f_bad u2f_timeout u2f_timout'],
)

/** Plain names for the objects of audit events. Most have no number in OCSF: 99 Other. */
export const ENTITY_TYPES = codes(
  [1, 'Device', 'device'],
  [4, 'Organization', 'account mngdacc'],
  [5, 'Policy', 'sso'],
  [99, 'Passkey', 'cred'],
  [99, 'Delegated session', 'dlgdsess'],
  [99, 'Linked family account', 'famchild'],
  [99, 'File', 'file'],
  [99, 'Invitation', 'invite'],
  [99, 'Item', 'item'],
  [99, 'Item history', 'itemhist'],
  [99, 'Items', 'items'],
  [99, 'Payment card', 'card'],
  [99, 'Payment method', 'pm'],
  [99, 'Report', 'report'],
  [99, 'Service account', 'sa'],
  [99, 'Service account token', 'satoken'],
  [99, 'Slack app', 'slackapp'],
  [99, 'Single sign-on token', 'ssotkn'],
  [99, 'Subscription', 'sub'],
  [99, 'Template', 'template'],
  [99, 'Vault', 'vault'],
  [99, 'Vault key', 'vaultkey'],
)
