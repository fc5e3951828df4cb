import middy, { type MiddyfiedHandler } from '@middy/core'
import httpHeaderNormalizer from '@middy/http-header-normalizer'
import type { AdminPorts } from './admin-ports.ts'
import { authenticate } from './http/authenticate.ts'
import { limitCalls } from './http/call-limit.ts'
import { conditionalReads } from './http/entity-tag.ts'
import { errorAnswers } from './http/error-answer.ts'
import { type AdminRequest, type AdminResult, bodilessHead } from './http/message.ts'
import { createRouter } from './router.ts'

/** With AWS_IAM the function URL has verified the caller before the function runs. */
const credentials = (ports: AdminPorts) => (ports.settings.auth === 'iam' ? [] : [authenticate(ports)])

/** The handler behind the admin URL. Hooks after the handler run in reverse order. */
export function adminApi(ports: AdminPorts): MiddyfiedHandler<AdminRequest, AdminResult> {
  return middy<AdminRequest, AdminResult>()
    .use(bodilessHead())
    .use(httpHeaderNormalizer())
    .use(credentials(ports))
    .use(conditionalReads())
    .use(errorAnswers(ports))
    .handler(limitCalls(ports, createRouter(ports)))
}
