import type { FunctionResource, UrlResource } from '../../template/model.ts'
import { type HttpAnswer, messageAnswer } from './http-answer.ts'

const URL_ACTIONS = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']

/** Both permissions that AWS asks of the public's side (the second since October 2025). */
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

/**
 * The refusal that AWS gives before the function is asked, if any. With AWS_IAM nobody is let in: the local stage knows
 * no IAM user who could sign.
 */
export const accessRefusal = (url: UrlResource, resource: FunctionResource): HttpAnswer | undefined =>
  url.authType === 'NONE' && isPublic(resource) ? undefined : messageAnswer(403, 'Forbidden')
