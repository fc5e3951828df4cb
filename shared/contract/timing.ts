/** Times of the schedule, of the functions, of leases and of retries. Most follow from how often a tick comes. */

/** How often every due task is dispatched. */
export const TICK_MINUTES = 5

/** A run's time-out is shorter than a tick, so that the next tick finds the expired lease of a run that died. */
export const COLLECT_TIMEOUT_SECONDS = 240
export const DISPATCH_TIMEOUT_SECONDS = 120
export const ADMIN_TIMEOUT_SECONDS = 30

/**
 * The tasks of a tick are published over so long a time. Their runs then share few environments, which know most tokens
 * already: every read of a token costs money.
 */
export const TICK_SPREAD_MS = 40_000

/** After this time an invocation of dispatch begins no further page of a large table: other invocations do the rest. */
export const TICK_HANDOVER_MS = 60_000

/**
 * So long after its last page nobody else continues what an invocation of the same tick has begun. Whoever is slower does
 * no harm: a page may be published twice then, and is counted once.
 */
export const TICK_LEASE_MS = 30_000

/** A lease ends this much later than the function's time-out, in case clocks differ. */
export const LEASE_MARGIN_MS = 30_000

/**
 * How long one request to the Events API may take, from connecting to the last byte. No limit is documented. The
 * vendor's clients use 15 to 30 seconds.
 */
export const REQUEST_TIMEOUT_MS = 20_000

/** How long a person waits for the test of a connection at most. It is one request, and is not repeated. */
export const CONNECTION_TEST_MS = 10_000

/** How often the SDK sends a call to AWS, how long each time, and how long it waits at most before it sends it again. */
export const AWS_CALL = { attempts: 3, connectMs: 2_000, timeoutMs: 5_000, backOffMs: 1_500 } as const

/** How long a call to AWS can take. */
export const WRITE_MS = AWS_CALL.attempts * AWS_CALL.timeoutMs + (AWS_CALL.attempts - 1) * AWS_CALL.backOffMs

/** How long one request to a destination may take. Sumo Logic ends a request after so long a time. */
export const HAND_OVER_REQUEST_MS = 30_000

/** How often a batch is sent to a destination within a run. */
export const HAND_OVER_ATTEMPTS = 5

/** For so long a put is sent again while S3 says that another put to the same key is in progress. */
export const CONFLICT_MS = 5_000

/** How long it can take to deliver a page (a put) and to commit it. */
export const DELIVERY_MS = WRITE_MS + CONFLICT_MS + WRITE_MS

/**
 * With less time left than this, a run requests no page: it could not be fetched, delivered and committed, and the lease
 * could not be given back.
 */
export const RESERVE_MS = REQUEST_TIMEOUT_MS + DELIVERY_MS + WRITE_MS

/** How long the processing rules of a source may take for one page. A usual page takes a tenth of a second. */
export const RULES_MS = 20_000

/** The same for a page that is fetched while the page before it is delivered. */
export const RESERVE_AHEAD_MS = Math.max(REQUEST_TIMEOUT_MS, DELIVERY_MS) + DELIVERY_MS + WRITE_MS

/** So much more time a run needs for a page whose events go to a destination, too. */
export const HAND_OVER_RESERVE_MS = HAND_OVER_REQUEST_MS

/** So long before its end a run hands no more events over: it must commit the page, and give back the lease. */
export const HAND_OVER_ENDS_MS = WRITE_MS + WRITE_MS

/** For so long a start must be refused, run after run, before the refusal counts. Meanwhile the task is retried. */
export const START_REFUSED_MS = 5 * 60_000

/** For how long a run reads which events a reset cursor will bring again. It leaves half of a run to collect. */
export const WALK_MS = 60_000

/** How often what was found meanwhile is kept. A run that dies loses no more than that. */
export const WALK_KEPT_MS = 15_000

/** A walk that gets no further in so long a time, and in three runs, is given up. */
export const WALK_STUCK_MS = 60 * 60_000

/** An event that is older than this and not delivered becomes a dead letter. The next tick sends the same again. */
export const EVENT_AGE_MINUTES = 5

/**
 * How long a token is used before it is read again from Secrets Manager. Hardly any environment lives as long, because
 * every read costs money. If a user changes a token through the management API, or 1Password refuses it, or it is about to
 * expire, the secret is read at once.
 */
export const TOKEN_CACHE_MS = 24 * 60 * 60_000

/** How long an opened destination, with its URL, is used before its secret is read again. A refusal has it read at once. */
export const DESTINATION_CACHE_MS = 60 * 60_000

/** How long a failing task is retried, from its first failed run, before it is given up. */
export const EPISODE_MINUTES = 90

/** How long after the deadline a retry step still waits for the last run of an episode. A slow run may end later. */
export const LAST_RUN_SECONDS = 90

/** The last run of an episode begins its last request at most this much after the deadline. */
export const LAST_REQUEST_MS = 45_000

/** How long the state machine waits for the answer of Lambda after the end of a run. */
export const RUN_ANSWER_SECONDS = 15

/** A tick gives up an episode that nobody has given up this much after its deadline. */
export const QUIT_GRACE_SECONDS = 120

/** Step Functions ends an execution that has not ended by itself after this time. */
export const EXECUTION_TIMEOUT_SECONDS = EPISODE_MINUTES * 60 + QUIT_GRACE_SECONDS + 30

/** If no execution has claimed an episode after this time, a tick publishes its event again. */
export const CLAIM_SECONDS = 60
