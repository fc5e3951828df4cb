import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DESTINATION_KINDS, type DestinationKind } from '../shared/contract/destinations.ts'
import { EVENTS_API_HOSTS } from '../shared/contract/hosts.ts'
import { MAX_PAGE_SIZE } from '../shared/contract/limits.ts'
import { TICK_MINUTES } from '../shared/contract/timing.ts'
import type { AdminAuth } from '../shared/contract/variables.ts'
import { hosts, integer, matching, oneOf, type SettingRule, someOf } from './setting-rule.ts'
import { findUrlFault } from './url-regions.ts'

/** The settings of a user. They come from CDK context: cdk.json or `-c name=value`. */
export interface Settings {
  /**
   * At most 20 characters.
   * @default 'OnePasswordSource'
   */
  readonly stackName: string
  /**
   * Days after which delivered events expire.
   * @default - they never expire
   */
  readonly lakeRetentionDays: number | undefined
  /** @default 30 */
  readonly logRetentionDays: number
  /**
   * Hosts that a token may be sent to: the four hosts of the Events API, and those that the user adds.
   * @default - none added
   */
  readonly allowedHosts: readonly string[]
  /**
   * Kinds of destinations beside the lake that a collector may have. The functions have the rights for these alone.
   * @default - none: events go to the lake alone
   */
  readonly destinations: readonly DestinationKind[]
  /**
   * Hosts that events may be sent to. A name allows the hosts below it, too.
   * @default - every host of the public internet
   */
  readonly destinationHosts: readonly string[]
  /** @default 1000 */
  readonly pageSize: number
  /**
   * How often an API with a configuration error is looked at, to find out whether 1Password takes the token again. 0: never.
   * @default 60
   */
  readonly quietLookMinutes: number
  /**
   * What happens to tables, lake and secrets when the stack is deleted.
   * @default 'retain'
   */
  readonly removalPolicy: 'retain' | 'destroy'
  /** @default 'basic' */
  readonly adminAuth: AdminAuth
  /**
   * Whether the management API has an address. Without one, it is called through Lambda's own API.
   * @default 'on'
   */
  readonly adminUrl: 'on' | 'off'
  /**
   * E-mail address that alarms are sent to.
   * @default - nobody gets mail
   */
  readonly alarmAddress: string | undefined
  /**
   * How far behind collection may be before an alarm rings.
   * @default 60
   */
  readonly lagAlarmMinutes: number
  /**
   * Where people find the runbook. The links in alarms begin with it.
   * @default - its path in this repository
   */
  readonly runbookUrl: string
  /**
   * Whether there is a CloudWatch dashboard, which costs 3 USD a month beyond the first three of an account.
   * @default 'on'
   */
  readonly dashboard: 'on' | 'off'
  /**
   * How many runs may be active at one time. They are reserved from the account's concurrency.
   * @default - unreserved, because a new account has only 10 and may not reserve any
   */
  readonly reservedConcurrency: number | undefined
  /**
   * How many calls of the admin URL may run at one time, so that a flood of calls leaves room for collection. They are
   * reserved from the account's concurrency, too.
   * @default - no cap, because a new account has only 10 and may not reserve any
   */
  readonly adminConcurrency: number | undefined
  /**
   * ARN of a KMS key for everything that is stored: tables, lake, secrets, dead letters, topic and logs.
   * @default - keys that AWS owns
   */
  readonly kmsKeyArn: string | undefined
}

type Context = Readonly<Record<string, unknown>>

// The library writes "never" as 9999, which CloudWatch does not know.
const LOG_RETENTION_DAYS = Object.values(RetentionDays)
  .filter(days => typeof days === 'number')
  .filter(days => days !== RetentionDays.INFINITE)

/**
 * CloudFormation cuts a name that it makes at the type's limit (64 for roles, functions and rules), the stack's part
 * too.
 */
const STACK_NAME = matching(
  /^[A-Za-z][A-Za-z0-9-]{0,19}$/,
  'a letter, then up to 19 letters, digits and hyphens (a longer name would be cut where CloudFormation names roles and ' +
    'functions after the stack, and docs/deployment-policy.json would not allow them: choose a shorter one)',
)
/** An alias is not accepted: it could be moved to a key that the functions may not use. */
const KMS_KEY = matching(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-zA-Z0-9-]{1,100}$/,
  'the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>',
)
const RUNBOOK_URL = matching(/^https:\/\/[^\s#]{1,500}$/, 'an https:// address without a #')
const E_MAIL = matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')

/**
 * Reads the settings from CDK context. Values may be strings, as `-c` gives them. The region is that of the deployment,
 * if it is known. Throws one error that lists every wrong or unknown setting and says how to correct it.
 */
export function parseSettings(context: Context, region?: string): Settings {
  const faults: string[] = []
  function take<T>(name: keyof Settings, rule: SettingRule<T>, otherwise: T): T {
    const given = context[name]
    if (given === undefined) return otherwise
    const value = rule.parse(given)
    if (value === undefined) faults.push(`${name} must be ${rule.must}, not ${JSON.stringify(given)}`)
    return value ?? otherwise
  }
  const settings: Settings = {
    stackName: take('stackName', STACK_NAME, 'OnePasswordSource'),
    lakeRetentionDays: take<number | undefined>('lakeRetentionDays', integer(1, 36_500), undefined),
    logRetentionDays: take('logRetentionDays', oneOf(LOG_RETENTION_DAYS), RetentionDays.ONE_MONTH),
    allowedHosts: [...new Set([...EVENTS_API_HOSTS, ...take('allowedHosts', hosts, [])])],
    destinations: take<readonly DestinationKind[]>('destinations', someOf(DESTINATION_KINDS), []),
    destinationHosts: take<readonly string[]>('destinationHosts', hosts, []),
    pageSize: take('pageSize', integer(1, MAX_PAGE_SIZE), MAX_PAGE_SIZE),
    quietLookMinutes: take('quietLookMinutes', integer(0, 10_080), 60),
    removalPolicy: take('removalPolicy', oneOf(['retain', 'destroy']), 'retain'),
    adminAuth: take('adminAuth', oneOf(['basic', 'iam']), 'basic'),
    adminUrl: take('adminUrl', oneOf(['on', 'off']), 'on'),
    alarmAddress: take<string | undefined>('alarmAddress', E_MAIL, undefined),
    lagAlarmMinutes: take('lagAlarmMinutes', integer(2 * TICK_MINUTES, 10_080), 60),
    runbookUrl: take('runbookUrl', RUNBOOK_URL, 'docs/runbook.md'),
    dashboard: take('dashboard', oneOf(['on', 'off']), 'on'),
    reservedConcurrency: take<number | undefined>('reservedConcurrency', integer(1, 1000), undefined),
    adminConcurrency: take<number | undefined>('adminConcurrency', integer(1, 1000), undefined),
    kmsKeyArn: take<string | undefined>('kmsKeyArn', KMS_KEY, undefined),
  }
  const fault = context['adminUrl'] === undefined ? findUrlFault(region) : undefined
  if (fault !== undefined) faults.push(fault)
  faults.push(...unknownSettings(context, Object.keys(settings)))
  if (faults.length > 0) throw new Error(['Wrong settings in CDK context:', ...faults].join('\n  - '))
  return settings
}

/** Keys of the CDK contain a colon or begin with @. All other keys were meant to be settings. */
function unknownSettings(context: Context, known: readonly string[]): string[] {
  return Object.keys(context)
    .filter(name => !name.startsWith('@') && !name.includes(':') && !known.includes(name))
    .map(name => `${name} is not a setting; the settings are ${known.join(', ')}`)
}
