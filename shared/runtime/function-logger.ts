import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types'
import errorLogger from '@middy/error-logger'
import { loggableError } from '../domain/failure/loggable-error.ts'

/**
 * Adds only members that differ from line to line. The other members that Powertools adds would be most of the bytes
 * that an idle run logs.
 */
class LeanFormatter extends LogFormatter {
  formatAttributes(
    { logLevel, message, timestamp, serviceName, lambdaContext }: UnformattedAttributes,
    additional: LogAttributes,
  ): LogItem {
    const attributes = {
      level: logLevel,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      function_request_id: lambdaContext?.awsRequestId,
    }
    return new LogItem({ attributes }).addAttributes(additional)
  }
}

/** The logger of a function. */
export const functionLogger = (serviceName: string): Logger =>
  new Logger({ serviceName, logFormatter: new LeanFormatter() })

/**
 * Middleware for functions that are invoked by events. It logs an error once, with its stack and causes. Lambda still
 * gets the error, and counts it.
 */
export const eventMiddleware = (logger: Logger) => [
  injectLambdaContext(logger),
  errorLogger({
    logger: ({ error }) => logger.error('invocation failed', { error: loggableError(error) }),
  }),
]
