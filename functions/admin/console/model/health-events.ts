/** An event as the API shows it. A list of open events has no `status`. */
export interface HealthEvent {
  readonly eventId: string
  readonly eventName: string
  readonly eventTime: string
  readonly severityLevel: 'Error' | 'Warning'
  readonly details: { readonly trackerId: string; readonly error: string; readonly description: string }
  readonly resourceIdentity: { readonly id: string; readonly name: string; readonly collectorName: string }
  readonly status?: 'UnHealthy' | 'Healthy'
}

/** From when to when something was wrong. */
export interface Episode {
  readonly id: string
  readonly source: number
  readonly sourceName: string
  readonly name: string
  readonly tracker: string
  readonly severity: 'Error' | 'Warning'
  readonly title: string
  readonly description: string
  readonly since: string
  readonly until: string | undefined
}

const trackerKey = ({ details, resourceIdentity }: HealthEvent): string =>
  `${resourceIdentity.id} ${details.trackerId}`

const toEpisode = (event: HealthEvent, until: string | undefined): Episode => ({
  id: event.eventId,
  source: Number.parseInt(event.resourceIdentity.id, 16),
  sourceName: event.resourceIdentity.name,
  name: event.eventName,
  tracker: event.details.trackerId,
  severity: event.severityLevel,
  title: event.details.error,
  description: event.details.description,
  since: event.eventTime,
  until,
})

/** Each event of trouble with the event of its recovery, the newest first. */
export function toEpisodes(events: readonly HealthEvent[]): readonly Episode[] {
  const newestFirst = events.toSorted((a, b) => Date.parse(b.eventTime) - Date.parse(a.eventTime))
  const recovered = new Map<string, string>()
  return newestFirst.flatMap(event => {
    const key = trackerKey(event)
    if (event.status === 'Healthy') {
      recovered.set(key, event.eventTime)
      return []
    }
    const until = recovered.get(key)
    recovered.delete(key)
    return [toEpisode(event, until)]
  })
}

export interface WantedEpisodes {
  readonly severity: string
  readonly name: string
  readonly state: string
}

/** An empty text wants all. */
export const chooseEpisodes = (
  all: readonly Episode[],
  { severity, name, state }: WantedEpisodes,
): readonly Episode[] =>
  all.filter(
    episode =>
      (severity === '' || episode.severity === severity) &&
      (name === '' || episode.name === name) &&
      (state === '' || (state === 'open') === (episode.until === undefined)),
  )
