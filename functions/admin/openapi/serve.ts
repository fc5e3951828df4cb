import type { AdminPorts } from '../admin-ports.ts'
import { type AdminHandler, json } from '../http/message.ts'
import { openApi } from './document.ts'

/** GET /openapi.json */
export const getDescription = ({ settings }: AdminPorts): AdminHandler => {
  const document = openApi(settings.auth)
  return async () => json(200, document)
}
