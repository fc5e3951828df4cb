import middy from '@middy/core'
import httpHeaderNormalizer from '@middy/http-header-normalizer'
import type { Context } from 'aws-lambda'
import type { AdminPorts } from './admin-ports.ts'
import { authenticate } from './http/authenticate.ts'
import { limitCalls } from './http/call-limit.ts'
import { compressAnswers } from './http/compression.ts'
import { conditionalReads } from './http/entity-tag.ts'
import { errorAnswers } from './http/error-answer.ts'
import { type AdminRequest, type AdminResult, bodilessHead } from './http/message.ts'
import { servePage } from './page/serve.ts'
import { createRouter } from './router.ts'

/** With AWS_IAM the function URL has verified the caller before the function runs. */
const credentials = (ports: AdminPorts) => (ports.settings.auth === 'iam' ? [] : [authenticate(ports)])

/** The handler behind the admin URL. Hooks after the handler run in reverse order. */
export function adminApi(ports: AdminPorts) {
  const api = middy<AdminRequest, AdminResult>()
    .use(bodilessHead())
    .use(compressAnswers())
    .use(httpHeaderNormalizer())
    .use(credentials(ports))
    .use(conditionalReads())
    .use(errorAnswers(ports))
    .handler(limitCalls(ports, createRouter(ports)))
  return async (request: AdminRequest, context: Context): Promise<AdminResult> =>
    (await servePage(ports, request)) ?? api(request, context)
}
