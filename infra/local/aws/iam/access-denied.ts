/** A call that the policies do not allow. Recognise it with `isAccessDenied`. */
class AccessDenied extends Error {
  override readonly name = 'AccessDenied'
}

export const isAccessDenied = (error: unknown): error is AccessDenied =>
  error instanceof Error && error.name === 'AccessDenied'

interface Refused {
  readonly caller: string
  readonly action: string
  readonly resource: string
  readonly refusal: string
}

/** Creates the error with the text of AWS. Only S3 puts the resource into quotes. */
export function createAccessDenied({ caller, action, resource, refusal }: Refused): AccessDenied {
  const named = action.startsWith('s3:') ? `"${resource}"` : resource
  return new AccessDenied(
    `User: ${caller} is not authorized to perform: ${action} on resource: ${named} ${refusal}`,
  )
}

/**
 * e.g. role `Stack-Role` and session `Stack-Function` →
 * arn:aws:sts::000000000000:assumed-role/Stack-Role/Stack-Function
 */
export function toAssumedRoleArn(roleArn: string, session: string): string {
  const [, , , , account = '', role = ''] = roleArn.split(':')
  return `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1)}/${session}`
}
