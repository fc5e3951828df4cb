import { LOOPBACK_ORIGIN } from '../../contract/destinations.ts'

const MAX_LENGTH = 2048

const PRINTABLE = /^[\x21-\x7e]+$/

/** A name allows itself and the hosts below it. Without names every host is allowed. */
function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const names = allowed.filter(name => name !== LOOPBACK_ORIGIN)
  return allowed.length === 0 || names.some(name => host === name || host.endsWith(`.${name}`))
}

const isAllowedLoopback = ({ protocol, hostname }: URL, allowed: readonly string[]): boolean =>
  `${protocol}//${hostname}` === LOOPBACK_ORIGIN && allowed.includes(LOOPBACK_ORIGIN)

/** Returns why nothing may be sent to the host of a URL, or undefined. `allowed`: the setting destinationHosts. */
export function findHostFault(url: URL, allowed: readonly string[]): string | undefined {
  if (isAllowedLoopback(url, allowed)) return undefined
  if (url.protocol !== 'https:') return 'must begin with https://'
  if (isAllowedHost(url.hostname, allowed)) return undefined
  return 'must have a host that the setting destinationHosts of the deployment allows'
}

const parse = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

/** Returns what is wrong with the URL of any destination over HTTP, or undefined. It never quotes the URL: it is a secret. */
export function findUrlFault(text: string, allowed: readonly string[]): string | undefined {
  if (text.length > MAX_LENGTH) return `must be at most ${MAX_LENGTH} characters long`
  if (!PRINTABLE.test(text)) return 'must be printable ASCII without spaces and line breaks'
  const url = parse(text)
  if (!url) return 'must be a URL, https://…'
  if (url.username !== '' || url.password !== '') return 'must be without user name and password'
  if (url.hash !== '') return 'must be without a #'
  return findHostFault(url, allowed)
}

/** The path of a Sumo Logic HTTP Source, at its end the code that is its credential. */
const SUMOLOGIC_PATH = /\/receiver\/v1\/http\/([\w.~%+=-]{8,})$/

/** Returns the secret part of the URL of a Sumo Logic HTTP Source. Undefined if it is no such URL. */
export const findSumoLogicCode = (text: string): string | undefined =>
  SUMOLOGIC_PATH.exec(parse(text)?.pathname ?? '')?.[1]

/** Returns what is wrong with the URL of a Sumo Logic HTTP Source, or undefined. */
export function findSumoLogicUrlFault(text: string, allowed: readonly string[]): string | undefined {
  const fault = findUrlFault(text, allowed)
  if (fault !== undefined || findSumoLogicCode(text) !== undefined) return fault
  return 'must be the address of an HTTP Source as Sumo Logic shows it: https://<host>/receiver/v1/http/<code>'
}
