/**
 * What a machine without an AWS account cannot count: times, and what AWS itself adds. The command prints them. They rather
 * overstate the bill.
 */

/** Milliseconds that one call adds to a run, over a connection that five idle minutes have often closed. */
export const CALL_MS = {
  tableCalls: 8,
  objectPuts: 35,
  objectReads: 20,
  secretCalls: 25,
  busCalls: 12,
  /** One request to 1Password, with its TLS handshake. */
  apiRequests: 150,
} as const

/** Milliseconds that a function computes at its memory's share of a processor, for one invocation and for one event. */
export const OWN_MS = { collect: 25, dispatch: 25, event: 0.06 } as const

/** Of dispatch, for one call of PutEvents: they wait side by side, so this is how fast events leave it. */
export const PUT_MS = 4

/** Billed like a run: loading a function in a new environment. */
export const INIT_MS = 600

/** AWS ends an environment after some hours, used or not. */
export const ENVIRONMENT_HOURS = 2

/** CloudWatch Logs counts this much for each line beside its text. */
export const LOG_LINE_BYTES = 26

/** Lambda's own two lines on an invocation (platform.start, platform.report) in the JSON format, where the template wants them. */
export const PLATFORM_LOG_BYTES = 500

/** What one request to 1Password sends to the Internet: token, headers, body, TLS handshake. */
export const REQUEST_BYTES = 3_000

/** In the registry for one source, and in the tasks table beside the item itself. */
export const SOURCE_BYTES = 2_048
export const ITEM_OVERHEAD_BYTES = 100

/** AWS's own measure of a month. */
export const HOURS_PER_MONTH = 730
