import type { AdminPorts } from '../admin-ports.ts'
import { type AdminHandler, json } from '../http/message.ts'
import { sourceOf } from './get.ts'
import { presentTask } from './present-task.ts'

/** GET /collectors/{collectorId}/sources/{sourceId}/tasks: our extension, one for each API in the source's order. */
export const listTasks =
  (ports: AdminPorts): AdminHandler =>
  async request => {
    const source = await sourceOf(ports, request)
    const tasks = await ports.tasks.ofSource(source.id)
    const nowMs = ports.clock.now()
    const shown = source.apis.map(api =>
      presentTask(
        source,
        api,
        tasks.find(task => task.api === api),
        nowMs,
      ),
    )
    return json(200, { tasks: shown })
  }
