import { API_NAMES, type Api } from '../../contract/apis.ts'
import type { RequestSection } from './request-section.ts'
import { readMember, refuse } from './request-section.ts'
import { type Member, required } from './shape.ts'
import { checkTime } from './start-time.ts'
import { findApi } from './supported-apis.ts'

const API: Member<Api, 'refused'> = required({
  schema: { type: 'string', examples: API_NAMES, description: `One of ${API_NAMES.join(', ')}.` },
  read: given => (typeof given === 'string' ? findApi(given) : undefined),
  wanted: `must be one of ${API_NAMES.join(', ')}`,
})

const TO: Member<string, 'refused', { readonly nowMs: number }> = {
  absence: 'refused',
  schema: {
    type: 'string',
    format: 'date-time',
    description: 'From when on events are wanted. In the past, and at most 120 days back.',
  },
  check: (section: RequestSection, name, { nowMs }) =>
    readMember(section, name) === undefined
      ? refuse(section, name, 'is required: an RFC 3339 time such as 2026-01-31T00:00:00Z')
      : checkTime(section, name, nowMs),
}

/** What a request to step over events of an API says. */
export const STEP_OVER = { api: API, to: TO } as const
