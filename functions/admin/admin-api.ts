import middy, { type MiddyfiedHandler } from '@middy/core'
import errorLogger from '@middy/error-logger'
import httpHeaderNormalizer from '@middy/http-header-normalizer'
import httpRouter from '@middy/http-router'
import type { AdminPorts } from './admin-ports.ts'
import { authenticate } from './authenticate.ts'
import { errorAnswers, logUnexpected } from './error-answer.ts'
import type { AdminRequest, AdminResult } from './http.ts'
import { routes, unmatched } from './routes.ts'

/** With AWS_IAM the function URL has verified the caller before we are invoked. */
const credentials = (ports: AdminPorts) => (ports.settings.auth === 'iam' ? [] : [authenticate(ports)])

/** The admin URL's function. Error hooks run in reverse: the logger, last here, sees the error before it is an answer. */
export function adminApi(ports: AdminPorts): MiddyfiedHandler<AdminRequest, AdminResult> {
  const known = routes(ports)
  return middy<AdminRequest, AdminResult>()
    .use(httpHeaderNormalizer())
    .use(credentials(ports))
    .use(errorAnswers())
    .use(errorLogger({ logger: logUnexpected(ports.log) }))
    .handler(httpRouter<AdminRequest, AdminResult>({ routes: known, notFoundResponse: unmatched(known) }))
}
