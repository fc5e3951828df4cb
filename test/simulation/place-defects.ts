import { UNREADABLE_PREFIX } from '../../shared/contract/lake-layout.ts'
import { ledgerLink, nextPlace, toPlace } from '../../shared/domain/stream/object-key.ts'
import { replacingTransition } from '../support/applying.ts'
import { type Defect, type Hunt, replacing } from './defect.ts'

/** A place that is left for another one gets a name that follows from the new chain: an older table cannot find it. */
const newlyNamed: Defect = {
  collect(ports) {
    const { tasks } = ports
    return {
      ...ports,
      tasks: replacing(tasks, {
        apply: replacingTransition(tasks.apply, 'save', async (key, transition) => {
          const { update } = transition
          const { chain, place, lastObjectKey } = update.set
          const before = await tasks.read(key)
          const isLeft =
            before && chain !== undefined && lastObjectKey === undefined && place !== nextPlace(before)
          if (!isLeft) return tasks.apply(key, transition)
          const set = { ...update.set, place: toPlace(chain, ledgerLink(before)) }
          return tasks.apply(key, { ...transition, update: { ...update, set } })
        }),
      }),
    }
  },
}

/** All that is kept beside an object has one name, whatever it is. */
const oneEvidence: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      setAside: (key, content) =>
        ports.lake.setAside(key.startsWith(UNREADABLE_PREFIX) ? key.replace(/[^/]*$/, 'all') : key, content),
    }),
  }),
}

/** An object says where its page was asked for, and not what followed from the object before. */
const linkedToRequest: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      create: (key, lines, record) => ports.lake.create(key, lines, { ...record, link: record.asked }),
    }),
  }),
}

/** Defects of the names in the lake. */
export const PLACE_HUNTS: Readonly<Record<string, Hunt>> = {
  'a place that a restored table cannot find': {
    defect: newlyNamed,
    faults: ['tables-restored', 'api-no-cursors', 'api-cursors'],
    rates: { 'api-no-cursors': 0.7 },
    within: 3,
    breaks: /doubled|gap or fork/,
  },
  'a ledger that a new chain breaks': {
    defect: linkedToRequest,
    faults: ['api-cursors', 'tables-restored', 'objects-deleted'],
    within: 3,
    breaks: /gap or fork/,
  },
  'evidence that a late put replaces': {
    defect: oneEvidence,
    faults: ['api-damage', 'writes-stray', 'calls-slow', 'api-cursors'],
    rates: { 'api-damage': 0.5, 'writes-stray': 0.5 },
    within: 3,
    breaks: /nothing is lost/,
  },
}
