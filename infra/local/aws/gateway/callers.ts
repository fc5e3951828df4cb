import { randomBytes } from 'node:crypto'
import { type HttpCall, ServiceError } from './service.ts'
import { type Credentials, readAuthorization, verifySignature } from './signature.ts'

export interface Caller {
  readonly roleArn: string
  readonly functionName: string
}

/** Temporary credentials of roles, as Lambda hands them to a function. They are valid until the process ends. */
export interface Callers {
  /** Returns the same credentials for the same role and function. */
  credentials(caller: Caller): Credentials
  /** Returns who signed the request. For a stranger or a bad signature it throws the error that AWS returns. */
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
      const known = byCaller.get(name) ?? { caller, credentials: createCredentials() }
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
    throw createUnknownCallerError(authorization.service)
  }
  verifySignature(call, authorization, known.credentials.secretAccessKey)
  return known.caller
}

const createUnknownCallerError = (service: string): ServiceError =>
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

const createCredentials = (): Credentials => ({
  accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64'),
  sessionToken: randomBytes(48).toString('base64'),
})
