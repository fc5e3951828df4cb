/**
 * List prices in USD, us-east-1, on-demand, without the free tier. They are of August 2025, when Lambda began to bill
 * the loading of functions. AWS publishes them at https://aws.amazon.com/<service>/pricing/. After comparing them, set
 * the date.
 */
export const PRICES = {
  date: '2025-08',
  region: 'us-east-1',
  source: 'https://aws.amazon.com/<service>/pricing/',
  lambda: { request: 0.2e-6, gbSecondArm: 0.0000133334 },
  dynamodb: { writeUnit: 0.625e-6, readUnit: 0.125e-6, storedGb: 0.25, recoverableGb: 0.2 },
  s3: { put: 0.005 / 1000, get: 0.0004 / 1000, storedGb: 0.023 },
  /**
   * For each 64 KB of an event that the functions put. Scheduled rules, AWS's own events and delivery to Lambda are
   * free.
   */
  eventBridge: { event: 1e-6 },
  secretsManager: { secret: 0.4, call: 0.05 / 10_000 },
  logs: { ingestedGb: 0.5, storedGb: 0.03 },
  cloudWatch: { alarmMetric: 0.1, metric: 0.3, dashboard: 3 },
  kms: { key: 1 },
  dataTransfer: { outGb: 0.09 },
} as const
