import type { RegisteredSource, Source } from '../../shared/domain/source/source.ts'
import { replacingTransition } from '../support/applying.ts'
import { type Defect, type Hunt, replacing } from './defect.ts'

/** A run sees its source in another way than it is stored. */
const seeingSource = (see: (source: Source) => Source): Defect => ({
  collect: ports => ({
    ...ports,
    registry: replacing(ports.registry, {
      async registered(...ids): Promise<RegisteredSource | undefined> {
        const registered = await ports.registry.registered(...ids)
        return registered && { ...registered, source: see(registered.source) }
      },
    }),
  }),
})

/** Rules are not applied. */
const ruleless = seeingSource(({ filters: _, ...source }) => source)

/** A run whose rules cannot be applied delivers without them. */
const failingOpen: Defect = {
  collect: ports => ({
    ...ports,
    expressions: {
      async load() {
        const compile = await ports.expressions.load()
        return regexp => {
          const expression = compile(regexp)
          return 'fault' in expression ? expression : { ...expression, findGroups: () => [] }
        }
      },
    },
  }),
}

/** Events are recognised by what rules have left of them. */
const recognisedByLine: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      async read(key) {
        const object = await ports.lake.read(key)
        return object && { ...object, lines: object.lines.map(line => line.replace(/,"mark":"[^"]*"/, '')) }
      },
    }),
  }),
}

/** The salt of the marks is made anew with each version of the source. */
const changingSalt = seeingSource(source => ({ ...source, markSalt: `salt ${source.version}` }))

/** What is dropped of a page of which nothing is left is not counted. */
const uncounted: Defect = {
  collect: ports => ({
    ...ports,
    tasks: replacing(ports.tasks, {
      apply: replacingTransition(ports.tasks.apply, 'save', (key, transition) => {
        const { filtered, ...set } = transition.update.set
        const isEmptied = filtered !== undefined && set.lastObjectKey === undefined
        return ports.tasks.apply(
          key,
          isEmptied ? { ...transition, update: { ...transition.update, set } } : transition,
        )
      }),
    }),
  }),
}

/** The counts of a page are not in the record of its object: a run that adopts it does not know them. */
const countedByRun: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      async record(key) {
        const { filtered: _, ...record } = (await ports.lake.record(key)) ?? {}
        return 'chain' in record ? (record as Awaited<ReturnType<typeof ports.lake.record>>) : undefined
      },
    }),
  }),
}

export const RULE_HUNTS: Readonly<Record<string, Hunt>> = {
  'rules that are not applied': {
    defect: ruleless,
    faults: ['processing-rules'],
    within: 2,
    breaks: /as the rules of its source leave it/,
  },
  'a mask that fails and lets everything pass': {
    defect: failingOpen,
    faults: ['processing-rules'],
    within: 2,
    breaks: /as the rules of its source leave it/,
  },
  'events that are recognised by what rules have left of them': {
    defect: recognisedByLine,
    faults: ['processing-rules', 'api-cursors'],
    within: 4,
    breaks: /doubled/,
  },
  'marks that change with the version of the source': {
    defect: changingSalt,
    faults: ['processing-rules', 'api-cursors'],
    within: 6,
    breaks: /doubled/,
  },
  'dropped events of an empty page that nobody counts': {
    defect: uncounted,
    faults: ['processing-rules'],
    within: 4,
    breaks: /every dropped event is counted/,
  },
  'counts that only the run knows which has put the page': {
    defect: countedByRun,
    faults: ['processing-rules', 'calls-repeated'],
    rates: { 'calls-repeated': 0.3 },
    within: 4,
    breaks: /every dropped event is counted/,
  },
}
