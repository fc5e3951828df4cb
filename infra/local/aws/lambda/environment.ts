import type { Credentials } from '../gateway/signature.ts'
import type { Deployment, FunctionResource } from '../template/model.ts'

interface EnvironmentParts {
  readonly resource: FunctionResource
  readonly region: Deployment['region']
  /** Where every AWS service answers. */
  readonly endpoint: string
  readonly credentials: Credentials
}

/** Returns the template's variables and those that Lambda sets. As on AWS, Lambda's reserved variables win. */
export function createFunctionEnvironment({ resource, region, endpoint, credentials }: EnvironmentParts) {
  return {
    ...resource.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: resource.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(resource.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${resource.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: endpoint,
    LAMBDA_TASK_ROOT: resource.codeFolder,
    _HANDLER: resource.handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  } satisfies Record<string, string>
}
