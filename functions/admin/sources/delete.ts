import type { AdminPorts } from '../admin-ports.ts'
import { type AdminHandler, empty } from '../http/message.ts'
import { heedMatch } from '../http/preconditions.ts'
import { sourceOf } from './get.ts'
import { tagOf } from './present.ts'
import { stopSource } from './stop.ts'

/** DELETE /collectors/{collectorId}/sources/{sourceId}. Stopping at once, gone when its last run has ended. */
export const deleteSource =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const source = await sourceOf(ports, request)
    heedMatch(request, tagOf(source))
    await stopSource(ports, source)
    return empty(200)
  }
