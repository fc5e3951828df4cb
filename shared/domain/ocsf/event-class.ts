/** The version of OCSF that events are written in. They are also valid in 1.6 and 1.7. */
export const OCSF_VERSION = '1.8.0'

export interface EventClass {
  readonly uid: number
  readonly name: string
  readonly categoryUid: number
  readonly categoryName: string
}

const IAM = { categoryUid: 3, categoryName: 'Identity & Access Management' } as const
const APPLICATION = { categoryUid: 6, categoryName: 'Application Activity' } as const
const FINDINGS = { categoryUid: 2, categoryName: 'Findings' } as const

/** The classes of OCSF that are used. */
export const DETECTION_FINDING = { uid: 2004, name: 'Detection Finding', ...FINDINGS } as const
export const ACCOUNT_CHANGE = { uid: 3001, name: 'Account Change', ...IAM } as const
export const AUTHENTICATION = { uid: 3002, name: 'Authentication', ...IAM } as const
export const ENTITY_MANAGEMENT = { uid: 3004, name: 'Entity Management', ...IAM } as const
export const USER_ACCESS_MANAGEMENT = { uid: 3005, name: 'User Access Management', ...IAM } as const
export const GROUP_MANAGEMENT = { uid: 3006, name: 'Group Management', ...IAM } as const
export const API_ACTIVITY = { uid: 6003, name: 'API Activity', ...APPLICATION } as const
