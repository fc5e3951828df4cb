import type { Gateway } from '../../gateway/gateway.ts'
import type { HttpCall } from '../../gateway/service.ts'
import { readAuthorization } from '../../gateway/signature.ts'
import type { FunctionResource, UrlResource } from '../../template/model.ts'
import { type HttpRequest, pathAndQuery } from './server.ts'

/**
 * The two permissions that AWS requires, whether the URL is public or asks for an identity (the second since October
 * 2025).
 */
const URL_ACTIONS = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']

export type UrlGateway = Pick<Gateway, 'authenticate' | 'authorize'>

/** Who signed a request. */
export interface Signatory {
  readonly accessKeyId: string
  readonly arn: string
}

/** `anybody` if the URL is public, undefined if the request is refused. */
export type Admission = Signatory | 'anybody' | undefined

const isPublic = ({ permissions }: FunctionResource): boolean =>
  URL_ACTIONS.every(action =>
    permissions.some(
      permission =>
        permission.principal === '*' &&
        permission.action === action &&
        (permission.functionUrlAuthType ?? 'NONE') === 'NONE' &&
        permission.sourceArn === undefined,
    ),
  )

function toHttpCall({ method, target, headers, body }: HttpRequest): HttpCall {
  const [path, query] = pathAndQuery(target)
  return { method, path, query: new URLSearchParams(query), headers, body }
}

/** Returns who signed the request. Throws unless that identity may invoke the function. */
function authenticateSignatory(request: HttpRequest, gateway: UrlGateway, resource: string): Signatory {
  const authorization = readAuthorization(request.headers.authorization)
  if (authorization?.service !== 'lambda') throw new Error('The request is not signed for lambda.')
  const caller = gateway.authenticate(toHttpCall(request))
  for (const action of URL_ACTIONS) gateway.authorize({ ...caller, action, resource })
  return { accessKeyId: authorization.accessKeyId, arn: caller.roleArn }
}

/** Decides as AWS does before it invokes the function. */
export function admit(
  request: HttpRequest,
  url: UrlResource,
  resource: FunctionResource,
  gateway: UrlGateway,
): Admission {
  if (url.authType === 'NONE') return isPublic(resource) ? 'anybody' : undefined
  try {
    return authenticateSignatory(request, gateway, resource.arn)
  } catch {
    // AWS does not tell why it refuses a signature.
    return undefined
  }
}
