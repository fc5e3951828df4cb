import { type CollectedApi, type CollectedCollector, type CollectedSource, collection } from './collection.ts'

const total = (apis: readonly CollectedApi[]): number =>
  apis.flatMap(api => api.eventsByHour).reduce((sum, count) => sum + count, 0)

const latest = (apis: readonly CollectedApi[]): string | undefined =>
  apis
    .flatMap(api => api.lastEventTime ?? [])
    .sort()
    .at(-1)

function describeState({ state: { state }, apis }: CollectedSource): string {
  const silent = apis.flatMap(api => api.noWordSince ?? []).sort()[0]
  return silent === undefined ? state : `no word since ${silent}`
}

function Row({
  collector,
  source,
}: {
  readonly collector: CollectedCollector
  readonly source: CollectedSource
}) {
  return (
    <tr>
      <th scope="row">{source.name}</th>
      <td>{collector.name}</td>
      <td>{source.category}</td>
      <td>{source.apis.map(({ api }) => api).join(', ')}</td>
      <td>{describeState(source)}</td>
      <td class="number">{source.openHealthEvents}</td>
      <td>{latest(source.apis)}</td>
      <td class="number">{total(source.apis).toLocaleString()}</td>
    </tr>
  )
}

const HEADINGS = [
  'Source',
  'Collector',
  'Category',
  'APIs',
  'State',
  'Health events',
  'Last event',
  'Events in 24 h',
]

/** All sources. */
export function CollectionTable() {
  const rows = collection.value?.collectors.flatMap(collector =>
    collector.sources.map(source => <Row key={source.id} collector={collector} source={source} />),
  )
  if (!rows) return <p>Reading …</p>
  if (rows.length === 0) return <p>No source is registered.</p>
  return (
    <table>
      <thead>
        <tr>
          {HEADINGS.map(heading => (
            <th key={heading} scope="col">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{rows}</tbody>
    </table>
  )
}
