/** Without a bound a call that hangs would eat its run; with it, the SDK's own attempts stay within timing.ts WRITE_MS. */
export const AWS_CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const
