import type { PolicyStatement } from '../template/model.ts'
import { PARTITION } from '../template/pseudo-parameters.ts'

/** Whose machine this is: an administrator of the account, which no template describes. */
export const ownerArn = (account: string): string => `arn:${PARTITION}:iam::${account}:user/owner`

export const OWNER_POLICY: readonly PolicyStatement[] = [
  { effect: 'Allow', actions: ['*'], resources: ['*'] },
]
