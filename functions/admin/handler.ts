import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import { adminRuntime } from '../../shared/runtime/admin-runtime.ts'
import { functionLogger } from '../../shared/runtime/function-logger.ts'
import { measuringLog } from '../../shared/runtime/measuring-log.ts'
import { adminApi } from './admin-api.ts'
import type { AdminRequest, AdminResult } from './http/message.ts'

const logger = functionLogger('admin')
const { ports, settings } = adminRuntime(measuringLog(logger, 'admin'))

/**
 * The event holds the credential and maybe a token, so it is never logged, whatever the logger's environment variable
 * says.
 */
const logContext = injectLambdaContext(logger, { logEvent: false })

export const handler = middy<AdminRequest, AdminResult>()
  .use(logContext)
  .handler(adminApi({ ...ports, settings }))
