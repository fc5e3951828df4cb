import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/* Only addresses of the public internet: a URL of a user must not lead into the network of the function or to its host. */

type Subnet = readonly [network: string, prefix: number]

/** All that is not for the public (RFC 6890 and its registry): private, shared, loopback, link-local, documentation … */
const NOT_PUBLIC: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Global unicast. What is outside, such as unique-local, link-local and mapped addresses, is not public. */
const GLOBAL_6: Subnet = ['2000::', 3]

/** Parts of it that hold another address (Teredo, 6to4) or are for documentation and protocols. */
const NOT_PUBLIC_6: readonly Subnet[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

function listSubnets(subnets: readonly Subnet[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family)
  return list
}

const BLOCKED = listSubnets(NOT_PUBLIC, 'ipv4')
const GLOBAL = listSubnets([GLOBAL_6], 'ipv6')
const BLOCKED_6 = listSubnets(NOT_PUBLIC_6, 'ipv6')

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !BLOCKED.check(address, 'ipv4')
  if (family !== 6 || address.includes('%')) return false
  return GLOBAL.check(address, 'ipv6') && !BLOCKED_6.check(address, 'ipv6')
}

/** A name leads to an address that is not public, or is such an address. Nothing was sent. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress'
}

const FORBIDDEN = 'the host has an address that is not of the public internet'

/** Returns the host without the brackets of an IPv6 address. */
const toHost = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1')

/** Throws ForbiddenAddress for an address in the place of a name: Node does not look that up. */
export function requirePublicHost(hostname: string): void {
  const host = toHost(hostname)
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new ForbiddenAddress(FORBIDDEN)
}

/** Resolves a name as Node does. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** A `lookup` for a connection. It is called for each connection, so the addresses that it allows are those in use. */
export const createPublicLookup =
  (resolve: Resolve = lookup): LookupFunction =>
  (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, addresses = []) => {
      const [first] = addresses
      if (error || !first) return done(error ?? new Error(`there is no address of ${hostname}`), '', 4)
      if (!addresses.every(({ address }) => isPublicAddress(address)))
        return done(new ForbiddenAddress(FORBIDDEN), '', 4)
      if (options.all) return done(null, addresses)
      return done(null, first.address, first.family)
    })
