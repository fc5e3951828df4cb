import type { AdminPorts } from '../admin-ports.ts'
import { sourceNotFound } from '../http/api-error.ts'
import { type AdminHandler, empty } from '../http/message.ts'
import { beginAnew } from './begin-anew.ts'
import { changeSource, requireStaying } from './change-source.ts'
import { sourceOf } from './get.ts'
import { promoteNamed } from './token-version.ts'

/** POST /collectors/{collectorId}/sources/{sourceId}/action/restart, whatever the state and the body. */
export const restartSource =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const source = await sourceOf(ports, request)
    const restarted = await changeSource(ports, source, stored => {
      requireStaying(stored)
      return { ...stored }
    })
    if (!restarted) throw sourceNotFound()
    await promoteNamed(ports, restarted)
    await beginAnew(ports, restarted, 'restarted')
    return empty(200)
  }
