/** Why the Events API gave no answer. */
export type NetworkReason =
  | 'refused'
  | 'reset'
  | 'closed'
  | 'unroutable'
  | 'dns'
  | 'tls'
  | 'protocol'
  | 'connect-timeout'
  | 'headers-timeout'
  | 'body-timeout'
  | 'too-large'
  | 'unsendable'
  | 'other'

/** What the adapter knows about a request without an answer. */
export interface NetworkFact {
  readonly reason: NetworkReason
  /** The origin that the request went to. */
  readonly at: string
  /** The time-out that expired, in seconds, or the limit that was exceeded, in bytes. */
  readonly limit?: number
  /** What the network library says. */
  readonly detail?: string
}

/** Codes of the operating system, of OpenSSL and of undici. Errors of undici's parser may have only a name. */
const CODES: readonly (readonly [RegExp, NetworkReason])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^ECONNRESET$/, 'reset'],
  [/^(?:UND_ERR_SOCKET|UND_ERR_CLOSED|EPIPE)$/, 'closed'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/, 'unroutable'],
  [/^(?:ENOTFOUND$|ENODATA$|EAI_)/, 'dns'],
  [/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'connect-timeout'],
  [/^UND_ERR_HEADERS_TIMEOUT$/, 'headers-timeout'],
  [/^UND_ERR_BODY_TIMEOUT$/, 'body-timeout'],
  [
    /^(?:ERR_SSL_|ERR_TLS_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_|INVALID_CA|EPROTO$)/,
    'tls',
  ],
  [/^(?:HPE_\w+|HTTPParserError|UND_ERR_HEADERS_OVERFLOW)$/, 'protocol'],
]

/** Returns the reason for the code of an error, or for its name if it has no code. */
export const networkReason = (code: string | undefined): NetworkReason =>
  CODES.find(([pattern]) => code !== undefined && pattern.test(code))?.[1] ?? 'other'

const TEXTS: Readonly<Record<NetworkReason, (limit: number) => string>> = {
  refused: () => 'the connection was refused',
  reset: () => 'the connection was reset',
  closed: () => 'the connection broke off',
  unroutable: () => 'there is no way to the host',
  dns: () => 'the host name could not be resolved',
  tls: () => 'no TLS connection could be made',
  protocol: () => 'the answer is not HTTP',
  'connect-timeout': () => 'the connection timed out',
  'headers-timeout': limit => `no answer within ${limit} seconds`,
  'body-timeout': limit => `the answer did not end within ${limit} seconds`,
  'too-large': limit => `The answer of 1Password is larger than ${limit} bytes, more than a run can hold`,
  unsendable: () => 'The API token holds characters that a header may not have, and was not sent',
  other: () => 'the request failed',
}

/** For these reasons the text of the library says more than ours, so it is shown. */
const DETAILED: readonly NetworkReason[] = ['tls', 'protocol', 'other', 'unroutable']

const UNREACHED = '1Password could not be reached at'

/** Returns what happened, without saying to whom. */
export function reasonText({ reason, limit = 0, detail }: Omit<NetworkFact, 'at'>): string {
  const text = TEXTS[reason](limit)
  return detail !== undefined && DETAILED.includes(reason) ? `${text} (${detail})` : text
}

/** Returns what happened, as a sentence without its full stop. */
export function networkText({ at, ...fact }: NetworkFact): string {
  const text = reasonText(fact)
  return fact.reason === 'unsendable' || fact.reason === 'too-large' ? text : `${UNREACHED} ${at}: ${text}`
}

/** A request got no answer. The Events API adapter throws it. Recognise it with `isNetworkFailure`. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure'
  readonly fact: NetworkFact

  constructor(fact: NetworkFact, options?: ErrorOptions) {
    super(networkText(fact), options)
    this.fact = fact
  }
}

export const isNetworkFailure = (error: unknown): error is NetworkFailure =>
  error instanceof Error && error.name === 'NetworkFailure'
