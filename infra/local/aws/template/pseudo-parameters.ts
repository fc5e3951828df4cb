import { createHash } from 'node:crypto'

export const ACCOUNT = '000000000000'
export const REGION = 'us-east-1'
export const PARTITION = 'aws'

/** The values that AWS fills in. The stack id is the same at every start, so that names made from it stay the same. */
export const createPseudoParameters = (stackName: string): Readonly<Record<string, string>> => ({
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': PARTITION,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackId': `arn:${PARTITION}:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/${toUuid(stackName)}`,
})

function toUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}
