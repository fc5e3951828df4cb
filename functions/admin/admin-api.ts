import middy, { type MiddyfiedHandler } from '@middy/core'
import errorLogger from '@middy/error-logger'
import httpHeaderNormalizer from '@middy/http-header-normalizer'
import type { AdminPorts } from './admin-ports.ts'
import { authenticate } from './http/authenticate.ts'
import { limitCalls } from './http/call-limit.ts'
import { errorAnswers, logUnexpected } from './http/error-answer.ts'
import { bodilessHead } from './http/head.ts'
import type { AdminRequest, AdminResult } from './http/message.ts'
import { conditionalReads } from './http/preconditions.ts'
import { routed } from './routes.ts'

/** With AWS_IAM the function URL has verified the caller before we are invoked. */
const credentials = (ports: AdminPorts) => (ports.settings.auth === 'iam' ? [] : [authenticate(ports)])

/** The admin URL's function. Hooks behind the handler run in reverse: the logger, last here, sees the error before it is an answer. */
export function adminApi(ports: AdminPorts): MiddyfiedHandler<AdminRequest, AdminResult> {
  return middy<AdminRequest, AdminResult>()
    .use(bodilessHead())
    .use(httpHeaderNormalizer())
    .use(credentials(ports))
    .use(conditionalReads())
    .use(errorAnswers())
    .use(errorLogger({ logger: logUnexpected(ports.log) }))
    .handler(limitCalls(ports, routed(ports)))
}
