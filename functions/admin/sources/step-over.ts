import { checkShape } from '../../../shared/domain/source/shape.ts'
import { STEP_OVER } from '../../../shared/domain/source/step-over.ts'
import { toIsoTime } from '../../../shared/domain/stream/timestamp.ts'
import { requestStep } from '../../../shared/domain/task/life.ts'
import { badRequest, requireValid } from '../http/api-error.ts'
import { readObject } from '../http/body.ts'
import { readAccessId } from '../http/call-limit.ts'
import type { Handler } from '../http/message.ts'
import { requireStaying } from './change-source.ts'
import { findSource } from './read.ts'
import { restartSource } from './restart.ts'

/**
 * One API of the source goes on from a time, whatever lies before: its next run does that. Then the source is restarted,
 * because the API may wait for its user. If only that fails, the request can be repeated.
 */
export const stepOver: Handler = async (ports, request) => {
  const source = await findSource(ports, request)
  const nowMs = ports.clock.now()
  const body = readObject(request, '{"api":"…","to":"…"}')
  const [{ values }] = requireValid(checkShape(body, STEP_OVER, { nowMs }))
  const { api, to } = values
  requireStaying(source)
  if (!source.apis.includes(api))
    throw badRequest('collectors.source.api.invalid', `The source has no API ${api}.`)
  const wish = { to, by: readAccessId(request), at: toIsoTime(nowMs) }
  await ports.tasks.apply({ sourceId: source.id, api }, requestStep(wish))
  ports.log.warn('events are to be stepped over', { sourceId: source.id, api, ...wish })
  return restartSource(ports, request)
}
