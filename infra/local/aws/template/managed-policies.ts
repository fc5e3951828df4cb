import type { PolicyStatement } from './model.ts'

/** AWS's own policies by ARN, as far as the local stage knows what is in them. */
export const MANAGED_POLICIES: Readonly<Record<string, readonly PolicyStatement[]>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': [
    {
      effect: 'Allow',
      actions: ['logs:createloggroup', 'logs:createlogstream', 'logs:putlogevents'],
      resources: ['*'],
    },
  ],
}
