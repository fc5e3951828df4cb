/**
 * Limits of the Events API (docs/reference/events-api.md, "Page request", "Errors and rate limits", "Retention") and
 * of what we accept.
 */

export const MAX_PAGE_SIZE = 1000

/** All APIs of one source together. */
export const REQUESTS_PER_MINUTE = 600

/** Older events are not kept by 1Password. */
export const RETENTION_DAYS = 120

/** The first window of a source that names no start_time. */
export const DEFAULT_WINDOW_HOURS = 24

/** What a reset cursor goes back behind the last event, for events that arrived late. */
export const OVERLAP_MINUTES = 10

/** A page larger than this is refused rather than held in memory. */
export const MAX_PAGE_BYTES = 32 * 1024 * 1024

/** How much of an error answer is kept, in a task and in an error text. */
export const MAX_ERROR_BODY = 2048

/** How much of a stack a log line holds. */
export const MAX_LOGGED_STACK = 4096

/** How many errors one log line holds, the causes included: at most 130 KB, of which CloudWatch takes 256. */
export const MAX_LOGGED_ERRORS = 20

/**
 * The management API's limits of calls for one access id (docs/reference/management-api.md, "Errors and call
 * limits"), kept by each instance of the function.
 */
export const CALL_LIMITS = { perSecond: 4, burst: 20, inFlight: 10 } as const

/** How many fields the schema may have, beside those that are built in (docs/reference/management-api.md, "Fields"). */
export const FIELD_QUOTA = 400

/** How long a health event stays in the history. */
export const HEALTH_EVENT_DAYS = 90

/** How many sources one question for health events may name. */
export const MAX_HEALTH_RESOURCES = 1000
