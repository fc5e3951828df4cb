import type { Destination, Destinations } from '../../shared/destination-ports.ts'
import { replacingTransition } from '../support/applying.ts'
import { type Defect, type Hunt, replacing } from './defect.ts'

type Adapt = (destination: Destination) => Destination

const adapting = (destinations: Destinations, adapt: Adapt): Destinations =>
  replacing(destinations, { open: async setting => adapt(await destinations.open(setting)) })

/** The page is committed first, and then its events are handed over. */
const commitFirst: Defect = {
  collect(ports) {
    const waiting: (() => Promise<unknown>)[] = []
    const { destinations, tasks } = ports
    return {
      ...ports,
      destinations: adapting(destinations, destination => ({
        ...destination,
        deliver: async (...batch) => void waiting.push(() => destination.deliver(...batch)),
      })),
      tasks: replacing(tasks, {
        apply: replacingTransition(tasks.apply, 'save', async (...change) => {
          const saved = await tasks.apply(...change)
          for (const send of waiting.splice(0)) await send()
          return saved
        }),
      }),
    }
  },
}

/** The events of an object that was found are not handed over: only those of an object that this run has put. */
const forgetAdopted: Defect = {
  collect(ports) {
    const { destinations, lake } = ports
    const own = new Set<string>()
    return {
      ...ports,
      lake: replacing(lake, {
        async create(key, ...page) {
          const written = await lake.create(key, ...page)
          if (written === 'created') own.add(key)
          return written
        },
      }),
      destinations: adapting(destinations, destination => ({
        ...destination,
        deliver: async (batch, timeoutMs) => {
          if (own.has(batch.objectKey ?? '')) await destination.deliver(batch, timeoutMs)
        },
      })),
    }
  },
}

/** A destination that takes nothing is left alone, and the page is committed. */
const carefree: Defect = {
  collect: ports => ({
    ...ports,
    destinations: adapting(ports.destinations, destination => ({
      ...destination,
      deliver: (...batch) => destination.deliver(...batch).catch(() => undefined),
    })),
  }),
}

/** The events of an object keep their metadata. */
const withMetadata: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      async read(key) {
        const object = await ports.lake.read(key)
        return object && { ...object, lines: object.lines.map(line => `${line.slice(0, -1)},"_metadata":1}`) }
      },
    }),
  }),
}

/** What cannot be read back from the lake is taken for nothing. */
const emptyHanded: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      async record(key) {
        const record = await ports.lake.record(key)
        return record && { ...record, count: 0 }
      },
    }),
  }),
}

/** What the checks of destinations must find. */
export const DESTINATION_HUNTS: Readonly<Record<string, Hunt>> = {
  'a commit before the hand-over': {
    defect: commitFirst,
    faults: ['destinations', 'kills'],
    within: 3,
    breaks: /handed over before it is committed/,
  },
  'an adopted object that is not handed over': {
    defect: forgetAdopted,
    faults: ['destinations', 'kills'],
    within: 5,
    breaks: /handed over before it is committed/,
  },
  'a destination that takes nothing, and is taken at its word': {
    defect: carefree,
    faults: ['destinations', 'destination-outages'],
    within: 3,
    breaks: /handed over before it is committed/,
  },
  'a refusal without a lake that is passed over': {
    defect: carefree,
    faults: ['destinations', 'destination-refusals', 'lake-off'],
    within: 5,
    breaks: /nothing is lost/,
  },
  'events that are handed over with their metadata': {
    defect: withMetadata,
    faults: ['destinations', 'destination-outages'],
    within: 5,
    breaks: /unaltered in the destination/,
  },
  'an object that counts no events when it is found': {
    defect: emptyHanded,
    faults: ['destinations', 'destination-outages'],
    within: 5,
    breaks: /handed over before it is committed/,
  },
}
