import { memberOf, type RequestSection, refuse } from './request-section.ts'

/** Nothing but a host and a port can be written: no user, path, query or fragment for a token to be led astray by. */
const BASE_URL = /^(?:(https?):\/\/)?([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?\/?$/i

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/

function urlOf(text: string): URL | undefined {
  const [, scheme = 'https', host, port] = BASE_URL.exec(text) ?? []
  const origin = `${scheme.toLowerCase()}://${host}${port === undefined ? '' : `:${port}`}`
  return host !== undefined && URL.canParse(origin) ? new URL(origin) : undefined
}

/** An entry without a port allows http on every port of a loopback host, and https on the standard port alone. */
function allows(entry: string, url: URL): boolean {
  const allowed = urlOf(entry)
  if (!allowed || allowed.protocol !== url.protocol || allowed.hostname !== url.hostname) return false
  if (url.protocol === 'https:') return allowed.port === url.port
  return LOOPBACK.test(url.hostname) && (allowed.port === '' || allowed.port === url.port)
}

/**
 * The origin that a base URL stands for: a bare host, or https://host, that the list names; http only on a loopback
 * host, and only if the list names it with http. Undefined for everything else.
 */
export function allowedOrigin(baseUrl: string, allowedHosts: readonly string[]): string | undefined {
  const url = urlOf(baseUrl)
  return url && allowedHosts.some(entry => allows(entry, url)) ? url.origin : undefined
}

export interface BaseUrl {
  readonly configuredBaseUrl: string
  readonly baseUrl: string
}

export function checkBaseUrl(section: RequestSection, allowedHosts: readonly string[]): BaseUrl | undefined {
  const text = memberOf(section, 'base_url')
  const wanted = `a host or https://host without path, one of ${allowedHosts.join(', ')}`
  if (text === undefined) return refuse(section, 'base_url', `is required: ${wanted}`)
  if (typeof text !== 'string') return refuse(section, 'base_url', `must be a string: ${wanted}`)
  const baseUrl = allowedOrigin(text, allowedHosts)
  if (baseUrl === undefined) return refuse(section, 'base_url', `must be ${wanted}`)
  return { configuredBaseUrl: text, baseUrl }
}
