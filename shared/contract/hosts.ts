/**
 * The four places that serve the Events API (docs/reference/events-api.md, "Servers"). A token goes nowhere else
 * unless a setting says so.
 */
export const EVENTS_API_HOSTS = [
  'events.1password.com',
  'events.ent.1password.com',
  'events.1password.ca',
  'events.1password.eu',
] as const
