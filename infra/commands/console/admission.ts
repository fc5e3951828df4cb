import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/*
 * Whoever reaches this server may do what its owner may do. So it serves the browser of its owner alone: not other people
 * on the machine, not pages of other servers, and not names that somebody has made to point to this machine.
 */

/** Browsers send a cookie to every port of a host, so each server has one of its own. */
const nameCookie = (port: number): string => `onepassword-source-console-${port}`

/** Methods that change nothing. Only these are answered to a request that no page of ours has sent. */
const READING: readonly (string | undefined)[] = ['GET', 'HEAD']

export interface Asked {
  readonly method: string | undefined
  /** Path and query, as in the request line. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

export interface Door {
  readonly port: number
  /** Made anew at each start. */
  readonly key: string
}

const listHosts = (port: number): readonly string[] => [`127.0.0.1:${port}`, `localhost:${port}`]

const isEqual = (given: string, wanted: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Whether the request comes from our own page, or from somebody who typed the address. */
function isOwnSite({ method, headers }: Asked, port: number): boolean {
  const { host = '', origin } = headers
  const site = headers['sec-fetch-site']
  if (!listHosts(port).includes(host)) return false
  if (origin !== undefined && origin !== `http://${host}`) return false
  return site === undefined || site === 'same-origin' || (site === 'none' && READING.includes(method))
}

function hasCookie({ cookie = '' }: IncomingHttpHeaders, { port, key }: Door): boolean {
  return cookie.split(/;\s*/).some(each => {
    const [name, ...value] = each.split('=')
    return name === nameCookie(port) && isEqual(value.join('='), key)
  })
}

/** The address that the owner opens. */
export const entrance = ({ port, key }: Door): string => `http://127.0.0.1:${port}/?key=${key}`

const isEntrance = (target: string, key: string): boolean => {
  const [path, query = ''] = target.split('?')
  return path === '/' && isEqual(new URLSearchParams(query).get('key') ?? '', key)
}

/** The cookie that stands for the key from then on. Scripts cannot read it, and no other site's page sends it. */
export const keyCookie = ({ port, key }: Door): string =>
  `${nameCookie(port)}=${key}; Path=/; HttpOnly; SameSite=Strict`

/**
 * Decides what becomes of a request: `serve` it, let it `enter` (the key is in the address, and becomes a cookie), or why it
 * is refused.
 */
export function admit(asked: Asked, door: Door): 'serve' | 'enter' | { readonly refused: string } {
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(asked.target)) return { refused: 'The address is not one of this page.' }
  if (!isOwnSite(asked, door.port))
    return { refused: 'Only the page itself may ask, at 127.0.0.1 or localhost.' }
  if (READING.includes(asked.method) && isEntrance(asked.target, door.key)) return 'enter'
  if (hasCookie(asked.headers, door)) return 'serve'
  return { refused: 'Open the address that `npm run console` has printed.' }
}
