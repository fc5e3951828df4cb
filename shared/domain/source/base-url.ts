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

export interface BaseUrl {
  /** As the user wrote it. */
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
    const text = readMember(section, name)
    const wanted = `a host or https://host without path, one of ${allowedHosts.join(', ')}`
    if (text === undefined) return refuse(section, name, `is required: ${wanted}`)
    if (typeof text !== 'string') return refuse(section, name, `must be a string: ${wanted}`)
    const baseUrl = allowedOrigin(text, allowedHosts)
    if (baseUrl === undefined) return refuse(section, name, `must be ${wanted}`)
    return { configuredBaseUrl: text, baseUrl }
  },
}
