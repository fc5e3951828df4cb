import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger'
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types'

/** Of what Powertools adds to a line, that which differs from line to line: the rest is most of the bytes of an idle run. */
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
