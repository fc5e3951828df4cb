import type { DestinationKind } from '../contract/destinations.ts'
import { DESTINATION_CACHE_MS } from '../contract/timing.ts'
import type { Destination, Destinations } from '../destination-ports.ts'
import { DestinationFailure } from '../domain/destination/destination-failure.ts'
import type { Clock } from '../ports.ts'

/** Creates the destination that a secret leads to. Throws DestinationFailure if the secret is of no use. */
export type CreateDestination = (secret: string, allowedHosts: readonly string[]) => Destination

interface OpenedParts {
  readonly clock: Pick<Clock, 'now'>
  /** The kinds that this deployment has the rights for, each with its adapter, which is loaded when it is first used. */
  readonly kinds: { readonly [Kind in DestinationKind]?: () => Promise<CreateDestination> }
  /** Returns undefined if the secret is gone. */
  readonly readSecret: (name: string) => Promise<string | undefined>
  /** The setting destinationHosts. */
  readonly allowedHosts: readonly string[]
}

interface Opened {
  readonly secret: string
  readonly destination: Destination
  readonly untilMs: number
}

/** Opens destinations, and keeps them, with their secrets and connections, for DESTINATION_CACHE_MS. */
export function openedDestinations({ clock, kinds, readSecret, allowedHosts }: OpenedParts): Destinations {
  const opened = new Map<string, Opened>()

  async function openAnew(type: DestinationKind, name: string, known: Opened | undefined): Promise<Opened> {
    const load = kinds[type]
    if (!load) throw new DestinationFailure({ reason: 'not-deployed' })
    const secret = await readSecret(name)
    if (secret === undefined) throw new DestinationFailure({ reason: 'secret-gone' })
    const untilMs = clock.now() + DESTINATION_CACHE_MS
    if (known?.secret === secret) return { ...known, untilMs }
    const create = await load()
    return { secret, destination: create(secret.trim(), allowedHosts), untilMs }
  }

  return {
    async open({ type, secret: name }) {
      const known = opened.get(name)
      if (known && known.untilMs > clock.now()) return known.destination
      const anew = await openAnew(type, name, known)
      opened.set(name, anew)
      return anew.destination
    },
    forget({ secret: name }) {
      const known = opened.get(name)
      if (known) opened.set(name, { ...known, untilMs: 0 })
    },
  }
}
