/**
 * The four hosts of the Events API (docs/reference/events-api.md, "Servers"). A token is sent to other hosts only if a
 * setting allows them.
 */
export const EVENTS_API_HOSTS = [
  'events.1password.com',
  'events.ent.1password.com',
  'events.1password.ca',
  'events.1password.eu',
] as const
