import type { Feature } from '../../../shared/contract/apis.ts'
import { type Answer, jsonAnswer, textAnswer } from './events-api/answer.ts'
import type { ApiRequest } from './events-api/events-api.ts'
import { MODE_NAMES, MODES, type ModeName } from './events-api/misbehaviours.ts'
import { FEATURES, type ModeOptions, TARGETS, type Target } from './events-api/switchboard.ts'

/** What can be seen and switched from outside, by hand or from a script. */
export interface ControlledAccount {
  setMode(mode: ModeName, options?: ModeOptions): void
  setFeatures(features: readonly Feature[]): void
  state(): object
}

type Members = Readonly<Record<string, unknown>>

const COUNTS = ['times', 'afterRequests', 'retryAfter', 'delayMs', 'lateMinutes'] as const

function parseBody(body: string): Members {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // A body that is no JSON is refused below, like any other that is no object.
  }
  throw new RangeError('The body must be a JSON object')
}

function parseName<T extends string>(value: unknown, names: readonly T[], member: string): T {
  const found = names.find(name => name === value)
  if (found === undefined) throw new RangeError(`${member} must be one of ${names.join(', ')}`)
  return found
}

function parseCounts(body: Members): ModeOptions {
  const given = COUNTS.filter(name => body[name] !== undefined).map(name => {
    const value = body[name]
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new RangeError(`${name} must be a whole number, 0 or more`)
    }
    return [name, value] as const
  })
  return Object.fromEntries(given)
}

function switchMode(controlled: ControlledAccount, body: Members): void {
  const known = new Set<string>(['mode', 'feature', ...COUNTS])
  const unknown = Object.keys(body).find(name => !known.has(name))
  if (unknown !== undefined)
    throw new RangeError(`${unknown} is not known; known are ${[...known].join(', ')}`)
  const mode = parseName(body['mode'], MODE_NAMES, 'mode')
  const feature =
    body['feature'] === undefined ? {} : { feature: parseName<Target>(body['feature'], TARGETS, 'feature') }
  controlled.setMode(mode, { ...parseCounts(body), ...feature })
}

function switchFeatures(controlled: ControlledAccount, { features }: Members): void {
  if (!Array.isArray(features)) throw new RangeError('features must be an array')
  controlled.setFeatures(features.map(feature => parseName(feature, FEATURES, 'features')))
}

const DESCRIPTIONS = Object.fromEntries(MODE_NAMES.map(name => [name, MODES[name].description]))

/** Does what a call asks for. Returns false if there is no such call. */
function performCall(controlled: ControlledAccount, { method, path, body }: ApiRequest): boolean {
  const call = `${method} ${path}`
  if (call === 'PUT /control/mode') switchMode(controlled, parseBody(body))
  else if (call === 'PUT /control/features') switchFeatures(controlled, parseBody(body))
  else return call === 'GET /control'
  return true
}

/** Answers with the state after the call, or says what is wrong with the call. */
export function answerControl(controlled: ControlledAccount, request: ApiRequest): Answer {
  try {
    if (!performCall(controlled, request)) {
      return textAnswer(404, 'GET /control, PUT /control/mode or PUT /control/features')
    }
  } catch (error) {
    if (error instanceof RangeError) return jsonAnswer(400, { error: error.message })
    throw error
  }
  return jsonAnswer(200, { ...controlled.state(), available: DESCRIPTIONS })
}
