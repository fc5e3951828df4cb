/**
 * The APIs of a source, by their names in its configuration, with their names in the Events API
 * (docs/reference/events-api.md, "Endpoints").
 */
export const APIS = {
  'sign-in': { feature: 'signinattempts', title: 'Sign-in Attempts' },
  itemUsage: { feature: 'itemusages', title: 'Item Usage' },
  auditEvents: { feature: 'auditevents', title: 'Audit Events' },
} as const

export type Api = keyof typeof APIS
export type Feature = (typeof APIS)[Api]['feature']

export const API_NAMES = Object.keys(APIS) as readonly Api[]
