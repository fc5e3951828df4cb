import { type Answer, jsonAnswer, textAnswer } from '../account/events-api/answer.ts'
import { DESTINATION_MODE_NAMES, DESTINATION_MODES, type ModeOptions } from './modes.ts'
import type { ReceivedRequest, Receiver } from './receiver.ts'

const COUNTS = ['times', 'retryAfter', 'delayMs'] as const

type Members = Readonly<Record<string, unknown>>

function parseBody(body: Uint8Array): Members {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // A body that is no JSON is refused below, like any other that is no object.
  }
  throw new RangeError('The body must be a JSON object')
}

function parseCounts(body: Members): ModeOptions {
  const given = COUNTS.filter(name => body[name] !== undefined).map(name => {
    const value = body[name]
    if (Number.isInteger(value) && (value as number) >= 0) return [name, value] as const
    throw new RangeError(`${name} must be a whole number, 0 or more`)
  })
  return Object.fromEntries(given)
}

function switchMode(receiver: Receiver, body: Members): void {
  const mode = DESTINATION_MODE_NAMES.find(name => name === body['mode'])
  if (mode === undefined) throw new RangeError(`mode must be one of ${DESTINATION_MODE_NAMES.join(', ')}`)
  receiver.setMode(mode, parseCounts(body))
}

const DESCRIPTIONS = Object.fromEntries(
  DESTINATION_MODE_NAMES.map(name => [name, DESTINATION_MODES[name].description]),
)

const describe = ({ mode, events, requests }: Receiver): object => ({
  mode,
  events: events.length,
  requests: requests.length,
  available: DESCRIPTIONS,
})

/** Shows what a simulated destination has, and switches how it behaves. */
export function answerControl(receiver: Receiver, { method, path, body }: ReceivedRequest): Answer {
  try {
    if (method === 'PUT' && path === '/control/mode') switchMode(receiver, parseBody(body))
    else if (method !== 'GET' || path !== '/control')
      return textAnswer(404, 'GET /control or PUT /control/mode')
    return jsonAnswer(200, describe(receiver))
  } catch (error) {
    if (error instanceof RangeError) return jsonAnswer(400, { error: error.message })
    throw error
  }
}
