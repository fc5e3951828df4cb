import type { Activity } from '../clock/activity.ts'
import { isAccessDenied } from '../iam/access-denied.ts'
import type { Authorizer } from '../iam/authorizer.ts'
import type { FunctionPool } from '../lambda/function-pool.ts'
import { getPool } from '../lambda/function-pools.ts'
import type { InvocationResult } from '../lambda/invocation.ts'
import type { StateMachineResource } from '../template/model.ts'
import type { AnswerTask } from './execution.ts'

export interface LambdaTaskParts {
  readonly pools: ReadonlyMap<string, FunctionPool>
  readonly activity: Activity
  readonly authorizer: Authorizer
  readonly onFunctionError: (pool: FunctionPool, result: InvocationResult) => void
}

/** An error as Retry and Catch see it. They compare its name; its message is the cause. */
export function taskError(name: string, cause: string): Error {
  const error = new Error(cause)
  error.name = name
  return error
}

/**
 * Creates the handler of Tasks. Step Functions invokes synchronously, so an error goes to the execution, not to the
 * on-failure destination.
 */
export function createLambdaTask(
  parts: LambdaTaskParts,
  machine: Pick<StateMachineResource, 'roleArn'>,
  execution: string,
): AnswerTask {
  return async (functionArn, input) => {
    const end = parts.activity.begin()
    try {
      authorize(parts.authorizer, machine.roleArn, { functionArn, session: execution })
      return await invokeFunction(parts, getPool(parts.pools, functionArn), JSON.stringify(input))
    } finally {
      // By then the execution has begun its next step.
      setImmediate(end)
    }
  }
}

function authorize(
  authorizer: Authorizer,
  roleArn: string,
  { functionArn, session }: { readonly functionArn: string; readonly session: string },
): void {
  try {
    authorizer.authorize({
      roleArn,
      functionName: session,
      action: 'lambda:InvokeFunction',
      resource: functionArn,
    })
  } catch (error) {
    if (!isAccessDenied(error)) throw error
    const code = '(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException)'
    throw taskError('Lambda.AWSLambdaException', `${error.message} ${code}`)
  }
}

async function invokeFunction(
  { onFunctionError }: LambdaTaskParts,
  pool: FunctionPool,
  payload: string,
): Promise<unknown> {
  // When a reservation is used up, a synchronous invocation is refused at once.
  if (pool.resource.reservedConcurrency !== undefined && !pool.hasRoom()) {
    throw taskError(
      'Lambda.TooManyRequestsException',
      'Rate Exceeded. (Service: AWSLambda; Status Code: 429)',
    )
  }
  const result = await pool.invoke(payload)
  const answer = JSON.parse(result.payload) as unknown
  if (!result.functionError) return answer
  if (!result.abandoned) onFunctionError(pool, result)
  const { errorType } = answer as { readonly errorType?: string }
  throw taskError(errorType ?? 'Lambda.Unknown', result.payload)
}
