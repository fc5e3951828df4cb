import { EVENTS_API_HOSTS } from '../../contract/hosts.ts'
import { readMember, refuse } from './request-section.ts'
import type { Member } from './shape.ts'

/** A user can write a host and a port only. A user name, path, query or fragment could send a token to a wrong place. */
const FORM = /^(?:(https?):\/\/)?([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?\/?$/i

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/

function parseUrl(text: string): URL | undefined {
  const [, scheme = 'https', host, port] = FORM.exec(text) ?? []
  const origin = `${scheme.toLowerCase()}://${host}${port === undefined ? '' : `:${port}`}`
  return host !== undefined && URL.canParse(origin) ? new URL(origin) : undefined
}

/** An entry without a port allows http on every port of a loopback host, and https on the standard port alone. */
function allows(entry: string, url: URL): boolean {
  const allowed = parseUrl(entry)
  if (!allowed || allowed.protocol !== url.protocol || allowed.hostname !== url.hostname) return false
  if (url.protocol === 'https:') return allowed.port === url.port
  return LOOPBACK.test(url.hostname) && (allowed.port === '' || allowed.port === url.port)
}

/**
 * Returns the origin of a base URL, if the list allows it: a bare host, or https://host. It may be http for a
 * loopback host only, and only if the list names that with http. Returns undefined for everything else.
 */
export function allowedOrigin(baseUrl: string, allowedHosts: readonly string[]): string | undefined {
  const url = parseUrl(baseUrl)
  return url && allowedHosts.some(entry => allows(entry, url)) ? url.origin : undefined
}

/** The host of any web address, also of one with a path. */
const ADDRESS = /^(?:https?:\/\/)?([a-z0-9.-]+?)\.?(?::\d{1,5})?(?:[/?#]|$)/i

/** Where accounts sign in, each with its host of the Events API. The narrowest places come first. */
const SIGN_IN_PLACES = EVENTS_API_HOSTS.map(
  host => [host.slice(host.indexOf('.') + 1), host] as const,
).toSorted(([a], [b]) => b.length - a.length)

/**
 * Returns the host of the Events API that belongs to an address of 1Password (docs/reference/events-api.md, "Servers"),
 * for instance to acme.1password.eu, where an account signs in. Returns undefined for every other text.
 */
export function findEventsHost(text: string): string | undefined {
  const [, host = ''] = ADDRESS.exec(text.toLowerCase()) ?? []
  return SIGN_IN_PLACES.find(([place]) => host === place || host.endsWith(`.${place}`))?.[1]
}

const describeWanted = (allowedHosts: readonly string[]): string =>
  `a host or https://host without path, one of ${allowedHosts.join(', ')}`

function describeFault(text: string, allowedHosts: readonly string[]): string {
  const host = findEventsHost(text)
  if (host === undefined || allowedOrigin(host, allowedHosts) === undefined) {
    return `must be ${describeWanted(allowedHosts)}`
  }
  if (text.toLowerCase().includes(host)) return `must be the host alone: ${host}`
  return `must be the host of the Events API; for accounts that sign in at this address that is ${host}`
}

export interface BaseUrl {
  /** As the user wrote it, without white space around it. */
  readonly configuredBaseUrl: string
  readonly baseUrl: string
}

export const BASE_URL: Member<BaseUrl, 'refused', { readonly allowedHosts: readonly string[] }> = {
  absence: 'refused',
  schema: {
    type: 'string',
    minLength: 1,
    description: 'Host of the Events API, with or without https://, e.g. events.1password.com.',
  },
  check: (section, name, { allowedHosts }) => {
    const given = readMember(section, name)
    const wanted = describeWanted(allowedHosts)
    if (given === undefined) return refuse(section, name, `is required: ${wanted}`)
    if (typeof given !== 'string') return refuse(section, name, `must be a string: ${wanted}`)
    const text = given.trim()
    const baseUrl = allowedOrigin(text, allowedHosts)
    if (baseUrl === undefined) return refuse(section, name, describeFault(text, allowedHosts))
    return { configuredBaseUrl: text, baseUrl }
  },
}
