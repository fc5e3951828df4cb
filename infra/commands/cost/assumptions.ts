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

/**
 * Milliseconds of a whole core that the functions compute: for a run, an event, a tick and a task of a tick. Measured on
 * x86 (docs/performance.md). A run has 3 ms more than was measured, for its TLS handshake.
 */
export const CPU_MS = { run: 7.5, event: 0.015, tick: 8, task: 0.067 } as const

/** Lambda gives a function a whole core with this memory, and a share of it with less. */
export const MB_OF_A_CORE = 1769

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
