/**
 * The streams of the Events API: how a source's configuration spells them and how the Events API does
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
