import type { MiddlewareObj } from '@middy/core'
import type { AdminPorts } from '../admin-ports.ts'

import { unauthorized } from './api-error.ts'
import { basicCredential, credentialCheck } from './credential.ts'
import type { AdminRequest } from './message.ts'

/**
 * HTTP Basic on every route, unknown ones too: who is not known learns nothing of them. No WWW-Authenticate: every
 * client sends its credential unasked, and a browser would only put its own prompt before the page's.
 */
export function authenticate(
  ports: Pick<AdminPorts, 'accessKeys' | 'clock' | 'log'>,
): MiddlewareObj<AdminRequest> {
  const isCurrent = credentialCheck(ports)
  return {
    before: async ({ event }) => {
      const given = basicCredential(event.headers['authorization'])
      if (given && (await isCurrent(given))) return
      const { method, path, sourceIp } = event.requestContext.http
      ports.log.warn('admin call refused', { method, path, sourceIp, metrics: { refusedCalls: 1 } })
      throw unauthorized()
    },
  }
}
