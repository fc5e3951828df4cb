import {
  type DestinationFact,
  DestinationFailure,
} from '../../shared/domain/destination/destination-failure.ts'
import { type CollectWorld, collectWorld, eventsFrom, toUuids } from './collect-world.ts'

type Parts = Parameters<typeof collectWorld>[0]

/** Creates a world whose collector has a destination beside the lake. */
export function sumoWorld(parts: Parts = {}, { lake = true } = {}): CollectWorld {
  const world = collectWorld({ events: eventsFrom(0, 25), ...parts })
  setDestination(world, lake)
  return world
}

export function setDestination({ registered }: CollectWorld, lake: boolean | undefined): void {
  if (!registered.current) throw new Error('the source is gone')
  const { collector, source } = registered.current
  const destination =
    lake === undefined
      ? ({ type: 'lake' } as const)
      : ({ type: 'sumologic', lake, secret: '100000001-a' } as const)
  registered.current = { source, collector: { ...collector, destination } }
}

export const received = ({ ports }: CollectWorld): string[] => toUuids(ports.destinations.received())
export const uuids = (count: number): string[] => Array.from({ length: count }, (_, i) => `E${i}`)

export const failing = (fact: DestinationFact, options?: { retryAfterMs: number }) => async () => {
  throw new DestinationFailure(fact, options)
}

export const UNAVAILABLE: DestinationFact = { reason: 'unavailable', status: 503, said: 'no' }
