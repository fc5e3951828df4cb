import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/*
 * Whoever reaches this server may do what its owner may do. So it serves the browser of its owner alone: not other people
 * on the machine, not pages of other servers, and not names that somebody has made to point to this machine.
 */

const COOKIE = 'onepassword-source-console'

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

function hasCookie({ cookie = '' }: IncomingHttpHeaders, key: string): boolean {
  return cookie.split(/;\s*/).some(each => {
    const [name, ...value] = each.split('=')
    return name === COOKIE && isEqual(value.join('='), key)
  })
}

/** The address that the owner opens. */
export const entrance = ({ port, key }: Door): string => `http://127.0.0.1:${port}/?key=${key}`

const isEntrance = (target: string, key: string): boolean => {
  const [path, query = ''] = target.split('?')
  return path === '/' && isEqual(new URLSearchParams(query).get('key') ?? '', key)
}

/** The cookie that stands for the key from then on. Scripts cannot read it, and no other site's page sends it. */
export const keyCookie = ({ key }: Door): string => `${COOKIE}=${key}; Path=/; HttpOnly; SameSite=Strict`

/**
 * Decides what becomes of a request: `serve` it, let it `enter` (the key is in the address, and becomes a cookie), or why it
 * is refused.
 */
export function admit(asked: Asked, { port, key }: Door): 'serve' | 'enter' | { readonly refused: string } {
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(asked.target)) return { refused: 'The address is not one of this page.' }
  if (!isOwnSite(asked, port)) return { refused: 'Only the page itself may ask, at 127.0.0.1 or localhost.' }
  if (READING.includes(asked.method) && isEntrance(asked.target, key)) return 'enter'
  if (hasCookie(asked.headers, key)) return 'serve'
  return { refused: 'Open the address that `npm run console` has printed.' }
}
