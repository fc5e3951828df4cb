import { codes } from './codes.ts'

/** An attempt that the firewall only reported has passed. */
export const SIGN_IN_STATUS = codes(
  [1, 'Success', 'success firewall_reported_success'],
  [2, 'Failure', 'credentials_failed mfa_failed sso_failed modern_version_failed firewall_failed'],
)

export const SIGN_IN_SEVERITY = codes(
  [1, 'Informational', 'success'],
  [2, 'Low', 'firewall_reported_success credentials_failed mfa_failed sso_failed modern_version_failed'],
  [3, 'Medium', 'firewall_failed'],
)

/** Every other use of an item is informational. */
export const ITEM_USAGE_SEVERITY = codes(
  [1, 'Informational', 'usual'],
  [2, 'Low', 'share'],
  [3, 'Medium', 'export'],
)

/** What is in the audit log has happened. */
export const DONE = codes([1, 'Success', 'done'])
export const INFORMATIONAL = codes([1, 'Informational', 'usual'])
