import { gzipSync } from 'node:zlib'
import { LOOPBACK_ORIGIN } from '../contract/destinations.ts'
import type { Destination } from '../destination-ports.ts'
import { DestinationFailure } from '../domain/destination/destination-failure.ts'
import { findHostFault, findSumoLogicCode } from '../domain/destination/destination-url.ts'
import { findUnsendableField, SUMOLOGIC_LIMITS, sumoLogicHeaders } from '../domain/destination/sumologic.ts'
import type { Item } from '../domain/stream/item.ts'
import { outsideHttp, requireTaken } from './outside-http.ts'

const NEW_LINE = Uint8Array.of(0x0a)

/** As for objects of the lake: a higher level needs more CPU than it saves bytes. */
const GZIP = { level: 3 } as const

/** The items as received, one on a line. */
const toBody = (items: readonly Item[]): Uint8Array =>
  gzipSync(Buffer.concat(items.flatMap(({ json }) => [json, NEW_LINE])), GZIP)

/** Only this status means that Sumo Logic has the events. */
const ACCEPTED = [200]

/**
 * A Sumo Logic HTTP Source (Sumo Logic's documentation, "HTTP Logs and Metrics Source"). Its URL is its credential.
 * `allowedHosts`: the setting destinationHosts. Throws DestinationFailure if the URL cannot be used.
 */
export function sumoLogicSource(url: string, allowedHosts: readonly string[]): Destination {
  const code = findSumoLogicCode(url)
  if (code === undefined) throw new DestinationFailure({ reason: 'secret-unusable' })
  const parsed = new URL(url)
  if (findHostFault(parsed, allowedHosts) !== undefined) throw new DestinationFailure({ reason: 'host' })
  const send = outsideHttp({ isLoopbackAllowed: allowedHosts.includes(LOOPBACK_ORIGIN) })
  return {
    limits: SUMOLOGIC_LIMITS,
    secrets: [code],
    async deliver({ items, described }, timeoutMs) {
      const fault = findUnsendableField(described)
      if (fault !== undefined) throw new DestinationFailure({ reason: 'refused', said: fault })
      const headers = {
        ...sumoLogicHeaders(described),
        'content-type': 'text/plain; charset=utf-8',
        'content-encoding': 'gzip',
      }
      requireTaken(await send({ url: parsed, headers, body: toBody(items), timeoutMs }), ACCEPTED)
    },
  }
}
