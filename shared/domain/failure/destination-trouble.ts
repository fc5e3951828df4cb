import { DESTINATION_TITLES } from '../../contract/destinations.ts'
import type { DestinationFact, DestinationReason } from '../destination/destination-failure.ts'
import { shownBody } from './shown-text.ts'
import type { TroubleOf } from './trouble.ts'

/** What to do if this lasts, by the status. 0: there was no answer. */
function passingAdvice(status: number): string {
  if (status === 408) return 'It did not get the request in time. If this lasts, check any proxy in between'
  if (status === 429)
    return 'It takes no more events for now. If this lasts, see the quota of the account there'
  if (status >= 500) return 'It has trouble of its own. If this lasts, see its status page'
  return 'If this lasts, check destination.url of the collector, and any proxy in between'
}

const AGAIN = 'then the source is collected again'

/** What a user must mend. It completes the sentence "…: ". */
const ADVICE: Readonly<Record<Exclude<DestinationReason, 'unavailable'>, string>> = {
  refused: `update destination.url of the collector with the address that the destination shows, ${AGAIN}; or restart the source`,
  redirect: `it answered with a redirect, which is not followed. Update destination.url of the collector with the address that it leads to, ${AGAIN}; or restart the source`,
  address: `its host has an address that is not of the public internet. Update destination.url of the collector, ${AGAIN}; or restart the source`,
  host: `the setting destinationHosts does not allow its host. Update destination.url of the collector, or deploy with that setting and restart the source`,
  'secret-gone': `its secret is gone. Update destination.url of the collector, ${AGAIN}`,
  'secret-unusable': `its secret holds no address of such a destination. Update destination.url of the collector, ${AGAIN}`,
  'not-deployed':
    'the stack may not send to it. Deploy with the setting destinations, and restart the source; or update destination of the collector',
}

/** The codes for what is no answer of the destination. */
const CODES: Partial<Record<DestinationReason, number>> = { 'secret-gone': 401, 'secret-unusable': 401 }
const OTHER_CODE = 403

const sayWho = ({ type, collectorName }: TroubleOf<'destination'>): string =>
  `${DESTINATION_TITLES[type]}, the destination of the collector ${collectorName},`

function sayAnswer({ status, said = '' }: DestinationFact): string {
  const text = shownBody(said)
  return status === undefined ? text : `${status}: ${text}`
}

/** What it means that a destination has not taken events. */
export function describeDestination(trouble: TroubleOf<'destination'>) {
  const { fact } = trouble
  const who = sayWho(trouble)
  const { reason, status } = fact
  if (reason === 'unavailable') {
    const advice = `${passingAdvice(status ?? 0)}. The events are sent again`
    return {
      isPassing: true,
      code: status ?? 0,
      info: `${who} took no events (${sayAnswer(fact)}). ${advice}.`,
    }
  }
  const said = fact.said === undefined && status === undefined ? '' : ` (${sayAnswer(fact)})`
  const code = status ?? CODES[reason] ?? OTHER_CODE
  return { isPassing: false, code, info: `${who} cannot be used${said}: ${ADVICE[reason]}.` }
}
