/** One beat rules the rest: the schedule, the functions' time-outs, the lease and the reserve follow from it. */

/** How often every due task is dispatched. */
export const TICK_MINUTES = 5

/** Below the tick, so that a run that died is found abandoned by the very next one. */
export const COLLECT_TIMEOUT_SECONDS = 240
export const DISPATCH_TIMEOUT_SECONDS = 120
export const ADMIN_TIMEOUT_SECONDS = 30

/** A lease outlives its run by this much, for clocks that differ. */
export const LEASE_MARGIN_MS = 30_000

/** Kept free after a request for delivering its page and committing it. */
export const WRITE_MS = 15_000

/** A run begins no further page with less time left than this: one request, one put and one commit fit in. */
export const RESERVE_MS = 45_000

/** One request to the Events API, from connecting to the last byte. None is documented; the vendor's clients use 15 to 30 s. */
export const REQUEST_TIMEOUT_MS = 20_000

/** An undelivered or unconsumed event older than this is dropped to the dead letters: the next tick says the same. */
export const EVENT_AGE_MINUTES = 5

/**
 * How long a token read from Secrets Manager is used before it is read again: many ticks, else every run pays for a read.
 * A token that a user changes through the management API is read at once, and so is one that 1Password refuses.
 */
export const TOKEN_CACHE_MS = 60 * 60_000

/** How long a failing task is collected again, from its first failed run, before it is given up. */
export const EPISODE_MINUTES = 90

/** A run that is to be the last, at the deadline of its episode or just before, ends by this much after it. */
export const LAST_RUN_SECONDS = 90

/** What the state machine waits beyond the end of a run, for Lambda to answer. */
export const RUN_ANSWER_SECONDS = 15

/** Whoever is to give an episode up has done so by this much after its deadline, or somebody else does. */
export const QUIT_GRACE_SECONDS = 120

/** An execution that starts with an episode and never ends by itself is ended by then. */
export const EXECUTION_TIMEOUT_SECONDS = EPISODE_MINUTES * 60 + QUIT_GRACE_SECONDS + 30

/** An episode's execution has claimed it by then, or its event is put on the bus again. */
export const CLAIM_SECONDS = 60
