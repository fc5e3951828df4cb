import { randomBytes } from 'node:crypto'
import { type HttpCall, ServiceError } from './service.ts'
import { type Credentials, readAuthorization, verifySignature } from './signature.ts'

export interface Caller {
  readonly roleArn: string
  readonly functionName: string
}

/** Temporary credentials of roles, as the Lambda service hands them to a function. They live as long as the process. */
export interface Callers {
  /** The same pair for the same role and function. */
  credentials(caller: Caller): Credentials
  /** Who signed the request. Throws the answer AWS gives to a stranger or a bad signature. */
  authenticate(call: HttpCall): Caller
}

interface Known {
  readonly caller: Caller
  readonly credentials: Credentials
}

export function createCallers(): Callers {
  const byKey = new Map<string, Known>()
  const byCaller = new Map<string, Known>()
  return {
    credentials(caller) {
      const name = JSON.stringify([caller.roleArn, caller.functionName])
      const known = byCaller.get(name) ?? { caller, credentials: newCredentials() }
      byCaller.set(name, known)
      byKey.set(known.credentials.accessKeyId, known)
      return known.credentials
    },
    authenticate: call => authenticate(call, byKey),
  }
}

function authenticate(call: HttpCall, byKey: ReadonlyMap<string, Known>): Caller {
  const authorization = readAuthorization(call.headers.authorization)
  if (!authorization) {
    throw new ServiceError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
  }
  const known = byKey.get(authorization.accessKeyId)
  if (known?.credentials.sessionToken !== call.headers['x-amz-security-token'] || !known) {
    throw stranger(authorization.service)
  }
  verifySignature(call, authorization, known.credentials.secretAccessKey)
  return known.caller
}

const stranger = (service: string): ServiceError =>
  service === 's3'
    ? new ServiceError(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        403,
      )
    : new ServiceError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      )

const newCredentials = (): Credentials => ({
  accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64'),
  sessionToken: randomBytes(48).toString('base64'),
})
