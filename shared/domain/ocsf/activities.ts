import { codes } from './codes.ts'

/*
 * What each action is in its class. An action that is in no row is 99 Other, and keeps its own word as the name of the
 * activity.
 */

/** A sign-in attempt has no action. */
export const SIGN_IN_ACTIVITIES = codes([1, 'Logon', 'logon'])

export const ITEM_USAGE_ACTIVITIES = codes(
  [1, 'Create', 'server-create'],
  [2, 'Read', 'fill reveal secure-copy server-fetch export select-sso-provider'],
  [3, 'Update', 'server-update enter-item-edit-mode'],
)

export const ACCOUNT_ACTIVITIES = codes(
  [1, 'Create', 'create'],
  [2, 'Enable', 'activate reactive'],
  [3, 'Password Change', 'changemp'],
  [5, 'Disable', 'suspend'],
  [6, 'Delete', 'delete purge'],
  [10, 'MFA Factor Enable', 'enblmfa enblduo'],
  [11, 'MFA Factor Disable', 'disblmfa disblduo'],
)

export const GROUP_ACTIVITIES = codes([5, 'Delete', 'delete'], [6, 'Create', 'create'])

export const MEMBERSHIP_ACTIVITIES = codes([3, 'Add User', 'join'], [4, 'Remove User', 'leave'])

/** For the access of groups and of users. */
export const ACCESS_ACTIVITIES = codes([1, 'Assign Privileges', 'grant'], [2, 'Revoke Privileges', 'revoke'])

export const ENTITY_ACTIVITIES = codes(
  [1, 'Create', 'create'],
  [2, 'Read', 'view export verify'],
  [3, 'Update', 'update updatea updatduo updatfw updatmfa patch replace convert'],
  [4, 'Delete', 'delete purge'],
  [8, 'Enable', 'enblduo enblmfa enblsso'],
  [9, 'Disable', 'disblduo disblmfa disblsso'],
  [10, 'Activate', 'activate'],
  [11, 'Deactivate', 'dealldev deolddev'],
  [12, 'Suspend', 'suspend'],
  [13, 'Resume', 'reactive reauth'],
)
