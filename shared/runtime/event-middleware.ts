import type { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import errorLogger from '@middy/error-logger'
import { loggableError } from '../domain/failure/loggable-error.ts'

/** For functions that events invoke. An error is logged once and goes on to AWS, so that it counts as one. */
export const eventMiddleware = (logger: Logger) => [
  injectLambdaContext(logger),
  errorLogger({ logger: ({ error }) => logger.error('invocation failed', { error: loggableError(error) }) }),
]
