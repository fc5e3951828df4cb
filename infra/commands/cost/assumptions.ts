import { TICK_TASKS_PER_SECOND } from '../../../shared/contract/limits.ts'

/**
 * What cannot be counted without an AWS account: durations, and what AWS itself adds. The command prints these
 * assumptions. They make the bill too high rather than too low.
 */

/** Milliseconds that one call adds to a run. Often the connection must be opened again after five idle minutes. */
export const CALL_MS = {
  tableCalls: 8,
  objectPuts: 35,
  objectReads: 20,
  secretCalls: 25,
  busCalls: 12,
  /** One request to 1Password, with its TLS handshake. */
  apiRequests: 150,
} as const

/** Milliseconds that a function itself computes, for one invocation and for one event. */
export const OWN_MS = { collect: 25, dispatch: 25, event: 0.06 } as const

/**
 * Milliseconds of a tick for each further call of PutEvents, which has ten tasks: a large table is dispatched with
 * TICK_TASKS_PER_SECOND. It computes 0.7 ms of a whole core for them, which is 1.2 ms with 1,024 MB.
 */
export const PUT_MS = (10 * 1000) / TICK_TASKS_PER_SECOND

/** Milliseconds that a new environment needs to load the function. They are billed like a run. */
export const INIT_MS = 600

/** AWS ends an environment after some hours, even if it is used. */
export const ENVIRONMENT_HOURS = 2

/** CloudWatch Logs adds so many bytes to the text of each line. */
export const LOG_LINE_BYTES = 26

/**
 * Bytes of the two lines (platform.start, platform.report) that Lambda itself writes about an invocation, if the
 * template turns them on.
 */
export const PLATFORM_LOG_BYTES = 500

/** Bytes that one request to 1Password sends to the Internet: token, headers, body, TLS handshake. */
export const REQUEST_BYTES = 3_000

/** Bytes in the registry for one source, and bytes that DynamoDB adds to each item of the tasks table. */
export const SOURCE_BYTES = 2_048
export const ITEM_OVERHEAD_BYTES = 100

/** AWS computes with months of so many hours. */
export const HOURS_PER_MONTH = 730
