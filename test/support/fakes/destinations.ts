import type {
  Destination,
  DestinationSecrets,
  Destinations,
  EventBatch,
} from '../../../shared/destination-ports.ts'
import { DestinationFailure } from '../../../shared/domain/destination/destination-failure.ts'
import { toItemText } from '../../../shared/domain/stream/item.ts'

/** The code in the URL of the fake destination. No output may show it. */
export const FAKE_CODE = 'ZaVnC4dhaV1codeOfTheSource'

export interface FakeDestinations extends Destinations {
  /** What was taken, batch by batch. */
  readonly batches: EventBatch[]
  /** The texts of all events that were taken, in the order in which they came. */
  received(): string[]
  /** Is called for each batch before it is taken. It may throw in place of that. */
  onBatch: (batch: EventBatch, timeoutMs: number) => Promise<void>
  /** Is called for each batch once it is taken. */
  onTaken: (batch: EventBatch) => Promise<void>
  /** How many secrets were read. */
  opened: number
  isGone: boolean
  limits: Destination['limits']
}

/** A destination in memory. */
export function fakeDestinations(): FakeDestinations {
  const batches: EventBatch[] = []
  let current: Destination | undefined
  const create = (): Destination => ({
    get limits() {
      return fake.limits
    },
    secrets: [FAKE_CODE],
    async deliver(batch, timeoutMs) {
      await fake.onBatch(batch, timeoutMs)
      batches.push(batch)
      await fake.onTaken(batch)
    },
  })
  const fake: FakeDestinations = {
    batches,
    received: () => batches.flatMap(({ items }) => items.map(toItemText)),
    onBatch: async () => {},
    onTaken: async () => {},
    opened: 0,
    isGone: false,
    limits: {
      maxEvents: Number.POSITIVE_INFINITY,
      maxBytes: 1_000_000,
      measure: ({ json }) => json.length + 1,
    },
    async open() {
      if (fake.isGone) throw new DestinationFailure({ reason: 'secret-gone' })
      if (!current) fake.opened++
      current ??= create()
      return current
    },
    forget: () => undefined,
  }
  return fake
}

/** Secrets of destinations in memory, by their names. */
export function fakeDestinationSecrets(secrets: Map<string, string>): DestinationSecrets {
  let created = 0
  return {
    async create(collectorId, value) {
      const name = `${collectorId}-${++created}`
      secrets.set(name, value)
      return name
    },
    remove: async name => void secrets.delete(name),
  }
}
