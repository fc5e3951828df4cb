import { describeDestination } from './destination-trouble.ts'
import { type NetworkReason, networkText } from './network-failure.ts'
import { isOwnAnswer } from './own-answer.ts'
import { type OwnReason, ownReason } from './own-trouble.ts'
import { bounded, cut, shownBody } from './shown-text.ts'
import type { Trouble, TroubleOf } from './trouble.ts'

/** The three error types of a source (docs/reference/management-api.md, "Error types"). */
export type FaultType = 'ThirdPartyConfig' | 'ThirdPartyGeneric' | 'FirstPartyGeneric'

/** What a trouble means. */
export interface Classified {
  readonly type: FaultType
  /** HTTP status where there is one, else 0 for a failed connection and 500 for our own side. */
  readonly code: number
  /** What happened, with the body as received (bounded), and what to do. */
  readonly info: string
  /** Where the trouble is, if it is neither at 1Password nor on our own side. */
  readonly where?: 'destination'
}

const config = (code: number, info: string): Classified => ({ type: 'ThirdPartyConfig', code, info })
const thirdParty = (code: number, info: string): Classified => ({ type: 'ThirdPartyGeneric', code, info })
const firstParty = (info: string): Classified => ({ type: 'FirstPartyGeneric', code: 500, info })

const CHECK_WAY = 'If this lasts, check base_url and any proxy in between'
const SEE_STATUS = 'If this lasts, see status.1password.com'

/** What to do about statuses that stay the same however often the request is repeated. */
const CONFIG_ADVICE: Readonly<Record<number, string>> = {
  401: 'Update api_token with a valid token that has the feature, or restart the source',
  403: 'Update api_token with a token that may read events, or restart the source',
  404: 'Set base_url to the host of the account (1password.com, .ca, .eu or ent.) and check that api_token is complete',
}

function answerAdvice(status: number): string {
  if (status === 408) return `1Password did not get the request in time. ${CHECK_WAY}`
  if (status === 429)
    return '1Password takes no more requests for now. If this lasts, see who else reads events of this account'
  if (status >= 500) return `1Password has trouble of its own. ${SEE_STATUS}`
  if (status >= 300 && status < 400) return `A redirect is not followed. ${CHECK_WAY}`
  return `1Password did not answer as it should. ${CHECK_WAY}`
}

const FOREIGN_ADVICE =
  'A firewall or proxy has answered in the place of 1Password. If this lasts, check base_url, and let the firewall or proxy pass requests to that host'

function answered({ status, body }: TroubleOf<'answer'>): Classified {
  const advice = CONFIG_ADVICE[status]
  const said = `${status}: ${shownBody(body)}`
  if (advice === undefined) return thirdParty(status, `${said} — ${answerAdvice(status)}.`)
  if (isOwnAnswer(status, body)) return config(status, `${said} — ${advice}.`)
  return thirdParty(status, `${said} — ${FOREIGN_ADVICE}.`)
}

const UNCONFIRMED = {
  taken: '1Password takes the same API token when it is asked what the token may do, so it is tried again',
  unclear: '1Password does not say whether it takes the API token, so it is tried again',
} as const

const unconfirmed = ({ status, body, introspection }: TroubleOf<'unconfirmed'>): Classified =>
  thirdParty(status, `${status}: ${shownBody(body)} — ${UNCONFIRMED[introspection]}. ${CHECK_WAY}.`)

const NETWORK_ADVICE: Readonly<Record<NetworkReason, string>> = {
  refused: 'check base_url and any firewall or proxy in between',
  reset: 'check any firewall or proxy in between',
  closed: 'check any firewall or proxy in between',
  unroutable: 'check base_url and the routes of the network',
  dns: 'check base_url and the name resolution of the network',
  tls: 'check base_url and whether a proxy in between presents a certificate of its own',
  protocol: 'check base_url and any proxy in between',
  'connect-timeout': 'check base_url and any firewall in between',
  'headers-timeout': 'see status.1password.com and check any proxy in between',
  'body-timeout': 'see status.1password.com and check any proxy in between',
  'too-large': 'deploy with a lower pageSize, or leave the page out with action/stepOver',
  unsendable: 'update api_token',
  other: 'check base_url and any proxy in between',
}

function unanswered({ fact, doing }: TroubleOf<'network'>): Classified {
  const message = bounded(networkText(fact))
  const advice = NETWORK_ADVICE[fact.reason]
  if (fact.reason === 'unsendable') return config(401, `${message}, while ${doing}; ${advice}.`)
  return thirdParty(0, `${message}, while ${doing}. If this lasts, ${advice}.`)
}

const OWN_ADVICE: Readonly<Record<OwnReason, string>> = {
  throttled: 'AWS takes no more such calls for now; if this lasts, raise the quota of that service',
  denied:
    "the function's role, or its key, does not allow the call: deploy again, and see what policy or KMS key was changed",
  condition: 'somebody else changed the same at the same time',
  archived:
    'the object lies in an archive of S3: restore it, and let no lifecycle rule move what lies below events/ and cursors/',
  missing: 'a table, bucket, secret or bus of the stack is gone: deploy again',
  unreachable: 'AWS could not be reached; if this lasts, see health.aws.amazon.com',
  unavailable: 'AWS has trouble of its own; if this lasts, see health.aws.amazon.com',
  unexpected: 'if this lasts, see the log of the function collect',
}

/** How many characters of an error's name are shown. */
const MAX_NAME = 128

function own({ fact, doing }: TroubleOf<'own'>): Classified {
  const advice = OWN_ADVICE[ownReason(fact)]
  return firstParty(`${cut(fact.name, MAX_NAME)}: ${bounded(fact.message)}, while ${doing} — ${advice}.`)
}

/** How Lambda names what ended a run from outside, and what to do. */
const DEATHS: readonly (readonly [RegExp, string])[] = [
  [
    /EventAgeExceeded|TooManyRequests/,
    'Lambda had no room for it; if this lasts, raise the account’s quota of concurrent executions',
  ],
  [/Timedout|Timeout|timed out/i, 'it used up its time; if this lasts, see its log for what was slow'],
  [
    /OutOfMemory|signal: killed/i,
    'it ran out of memory; if this lasts, deploy with a lower pageSize and create the source anew',
  ],
]

function died({ errorType = '', errorMessage = '' }: TroubleOf<'dead-run'>): Classified {
  const said = bounded([errorType, errorMessage].filter(text => text !== '').join(': ')) || 'nothing is known'
  const why = DEATHS.find(([pattern]) => pattern.test(said))?.[1] ?? 'see the log of the function collect'
  return firstParty(`The run ended and could not say why (${said}) — ${why}.`)
}

/** What an operator can do about a page that can never be taken (docs/runbook.md, "Stepping over a page"). */
const STEP_OVER = 'If only this page is in the way, leave it out with action/stepOver'

function malformed({ wanted, why }: TroubleOf<'malformed'>): Classified {
  const step = wanted === 'a page of events' ? ` ${STEP_OVER}.` : ''
  const said = `1Password answered 200 with something that is not ${wanted}: ${why}`
  return thirdParty(200, `${said}. If this lasts, check base_url and any proxy in between.${step}`)
}

const startRefused = ({ body, startTime }: TroubleOf<'start-refused'>): Classified =>
  config(
    400,
    `400: ${shownBody(body)} — 1Password refuses to begin at ${startTime}. Check start_time and base_url, then restart the source.`,
  )

const refusedOnce = ({ answer }: TroubleOf<'refused-once'>): Classified =>
  thirdParty(
    400,
    `${answer} — 1Password refuses the place from which this API goes on. It counts only if the next run is refused too. ${CHECK_WAY}.`,
  )

const onlyStartRefused = ({ answer, startTime }: TroubleOf<'only-start-refused'>): Classified =>
  thirdParty(
    400,
    `${answer} — 1Password refuses to begin at ${startTime}, although it takes a later start. If this lasts, set a later start_time, and check any proxy in between.`,
  )

const CURSOR_REPEATED = {
  asked: '1Password answers with the cursor it was asked with',
  before: '1Password answers with a cursor that it has given before',
} as const

const cursorRepeated = ({ when }: TroubleOf<'cursor-repeated'>): Classified =>
  thirdParty(
    200,
    `${CURSOR_REPEATED[when]}, and with events. They cannot be told from those delivered before, so nothing was delivered. ${SEE_STATUS} and check any proxy in between. ${STEP_OVER}.`,
  )

const noEvents = ({ requests }: TroubleOf<'no-events'>): Classified =>
  thirdParty(
    200,
    `1Password has answered ${requests} requests in a row without an event and says that there is more. The next run goes on from there. ${SEE_STATUS} and check any proxy in between.`,
  )

const hostNotAllowed = ({ baseUrl, allowed }: TroubleOf<'host-not-allowed'>): Classified =>
  config(
    403,
    `The token is not sent to ${baseUrl}: allowed are ${bounded(allowed.join(', '))}. Update base_url, or deploy with the setting allowedHosts.`,
  )

const featureMissing = ({ feature, title, has }: TroubleOf<'feature-missing'>): Classified =>
  config(
    401,
    `The API token lacks the feature "${feature}" (it has: ${bounded(has.join(', ')) || 'none'}). Make a token that may report ${title}, or take this API out of supported_apis.`,
  )

const ruleUnusable = ({ rule, why }: TroubleOf<'rule-unusable'>): Classified =>
  config(
    400,
    `The expression of the processing rule "${rule}" ${why}. Nothing is delivered without it. Update the source with another expression.`,
  )

const rulesSlow = ({ rule, seconds }: TroubleOf<'rules-slow'>): Classified =>
  config(
    400,
    `The processing rules take more than ${seconds} seconds for a page, and "${rule}" takes most of it. Update the source with a simpler expression, or with fewer rules.`,
  )

const secretGone = (): Classified =>
  config(401, 'The secret with the API token of this source is gone. Update api_token.')

const secretUnusable = (): Classified =>
  config(
    401,
    'The secret of this source holds no API token (a text of printable characters without spaces). Update api_token.',
  )

const overlapUnknown = ({ key, why }: TroubleOf<'overlap-unknown'>): Classified =>
  firstParty(
    `Which events were delivered before the cursor was replaced is not known before the object ${key}, because ${why}. The next runs try it again. If it stays so, the source is collected without it.`,
  )

const damaged = ({ what }: TroubleOf<'damaged'>): Classified =>
  firstParty(`${what} If this lasts, restart the source and see the log.`)

/** Sumo Logic calls its own side the first party, and a destination stands in its place. */
function destination(trouble: TroubleOf<'destination'>): Classified {
  const { isPassing, code, info } = describeDestination(trouble)
  return { type: isPassing ? 'FirstPartyGeneric' : 'ThirdPartyConfig', code, info, where: 'destination' }
}

type Rules = { readonly [Kind in Trouble['kind']]: (trouble: TroubleOf<Kind>) => Classified }

const RULES: Rules = {
  answer: answered,
  unconfirmed,
  malformed,
  'start-refused': startRefused,
  'refused-once': refusedOnce,
  'only-start-refused': onlyStartRefused,
  'cursor-repeated': cursorRepeated,
  'no-events': noEvents,
  network: unanswered,
  'host-not-allowed': hostNotAllowed,
  'feature-missing': featureMissing,
  'rule-unusable': ruleUnusable,
  'rules-slow': rulesSlow,
  'secret-gone': secretGone,
  'secret-unusable': secretUnusable,
  own,
  'overlap-unknown': overlapUnknown,
  destination,
  damaged,
  'dead-run': died,
}

/**
 * The one rule (docs/design.md, "Errors, states and health"): whatever ended a run, as the type, code and text that
 * its task shows.
 */
export const classify = (trouble: Trouble): Classified => RULES[trouble.kind](trouble as never)
