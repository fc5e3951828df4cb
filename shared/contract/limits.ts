/**
 * Limits of the Events API (docs/reference/events-api.md, "Page request", "Errors and rate limits", "Retention") and
 * our own limits.
 */

export const MAX_PAGE_SIZE = 1000

/** The limit holds for all APIs of a source together. */
export const REQUESTS_PER_MINUTE = 600

/** 1Password keeps events for this long. */
export const RETENTION_DAYS = 120

/** So much later begins a chain that would begin before that: clocks differ, and the request takes its time. */
export const RETENTION_MARGIN_MINUTES = 60

/** A source without a start_time begins so many hours before its creation. */
export const DEFAULT_WINDOW_HOURS = 24

/** How far a new chain goes back before the last event, to find events that arrived late. */
export const OVERLAP_HOURS = 6

/**
 * A time further ahead than this, when its event is delivered, comes from a wrong clock or is made up. Less may be a wrong
 * time zone. Such events have a ledger of their own, so that a walk finds them (`PageRecord.aheadKey`).
 */
export const FAR_AHEAD_HOURS = 24

/** So many events of one page agree on the time that the stream has reached, whatever some of their clocks say. */
export const MIN_AGREEING_EVENTS = 20

/**
 * How many objects are read to know which events a reset cursor brings again. Hours of a busy API are some hundred, and
 * one takes some 30 ms.
 */
export const MAX_WALKED_OBJECTS = 5_000

/** How many events are known for that. In a run they need about 25 MB, and in the lake at most 13 MB. */
export const MAX_WALKED_EVENTS = 200_000

/** What is known of these events is kept for so many days. If a chain takes longer to catch up, it is found anew. */
export const WALK_DAYS = 30

/**
 * A larger page is not read: the task is read in smaller pages. A run holds one page in several forms while the next one
 * arrives. With pages of 8 MB it needs up to 230 MB of the function's 320.
 */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024

/**
 * A longer cursor is no cursor: it would take too much of the task's item, which may have 400 KB. The one real cursor
 * that is known has 208 bytes. Bytes of UTF-8.
 */
export const MAX_CURSOR_BYTES = 64 * 1024

/**
 * A longer uuid, timestamp, category or action is not used as one. The event is delivered with it all the same.
 * Characters.
 */
export const MAX_ITEM_TEXT = 256

/** How many characters of an error's body a task and an error text keep. */
export const MAX_ERROR_BODY = 2048

/**
 * How many characters a text of an error or of a health event may have. A task keeps one error and, while nothing can be
 * published, some twenty health events. All of it must fit into an item of 400 KB, beside the cursor.
 */
export const MAX_KEPT_TEXT = 4096

/** How many characters of a stack a log line holds. */
export const MAX_LOGGED_STACK = 4096

/** How many errors one log line holds, with their causes. That is at most 130 KB. CloudWatch takes lines of 256 KB. */
export const MAX_LOGGED_ERRORS = 20

/**
 * How many calls one access id may make (docs/reference/management-api.md, "Errors and call limits"). Each instance of
 * the function counts for itself.
 */
export const CALL_LIMITS = { perSecond: 4, burst: 20, inFlight: 10 } as const

/** For so many calls counts the test of a connection, because it makes a request to 1Password. */
export const CONNECTION_TEST_CALLS = 10

/**
 * How many bytes the entries of a list may have in an answer of the API. Lambda takes 6 MB (6,291,556 bytes). The rest
 * is for status, headers and what is around the list.
 */
export const MAX_LIST_BYTES = 6_200_000

/**
 * How many fields the schema may have. Built-in fields do not count (docs/reference/management-api.md, "Fields").
 */
export const FIELD_QUOTA = 400

/** A tick works through a large table in so many segments. Stored progress names segments, so the number stays. */
export const TICK_SEGMENTS = 16

/**
 * How many tasks an invocation dispatches in a second at most. Their runs begin as fast, and all read the item of their
 * collector: DynamoDB allows 3,000 consistent reads of one item in a second.
 */
export const TICK_TASKS_PER_SECOND = 2_500

/** No tick is slower than this. At this pace some six environments have all runs. */
export const LEAST_TASKS_PER_SECOND = 25

/** How long a health event stays in the history. */
export const HEALTH_EVENT_DAYS = 90

/** How many sources one request for health events may name. */
export const MAX_HEALTH_RESOURCES = 1000

/**
 * How many processing rules a source may have. The counts of all of them must fit into the metadata of an object, beside a
 * cursor. Sumo Logic allows 100.
 */
export const MAX_RULES = 20

/** How many characters the name of a processing rule may have. It is Sumo Logic's limit. */
export const MAX_RULE_NAME = 32

/** How many characters the expression of a processing rule may have. */
export const MAX_EXPRESSION = 1000

/** How many characters the mask of a processing rule may have. */
export const MAX_MASK = 128

/**
 * How many steps the compiled expression of one rule may have, and those of all rules of a source. A step costs up to 20 ns
 * for each character of an event, so no event takes a run's whole time.
 */
export const MAX_EXPRESSION_STEPS = 500
export const MAX_RULES_STEPS = 2000

/** An event that rules make more than so many times as long gets shorter replacements. */
export const MAX_RULE_GROWTH = 5
