import type { Signal } from '@preact/signals'
import { apiTitle, formatCount } from '../model/format.ts'
import { apiHealth } from '../model/health.ts'
import type { Column, Row, Wanted } from '../model/rows.ts'
import { HealthIcon } from './icon.tsx'
import { Sparkline } from './sparkline.tsx'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

type Order = Signal<Pick<Wanted, 'column' | 'isDescending'>>

function Sortable({
  column,
  title,
  order,
  name = '',
}: {
  readonly column: Column
  readonly title: string
  readonly order: Order
  readonly name?: string
}) {
  const { column: current, isDescending } = order.value
  const isCurrent = column === current
  const sort = isCurrent ? (isDescending ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" class={name} aria-sort={sort}>
      <button
        type="button"
        class="plain sort"
        onClick={() => (order.value = { column, isDescending: isCurrent && !isDescending })}
      >
        {title}
        <svg viewBox="0 0 8 12" aria-hidden="true">
          <path class={sort === 'ascending' ? 'is-on' : ''} d="M4 1 7 5H1z" />
          <path class={sort === 'descending' ? 'is-on' : ''} d="M4 11 1 7h6z" />
        </svg>
      </button>
    </th>
  )
}

function Line({ row: { collector, source, hours, events, lagSince, lastEvent } }: { readonly row: Row }) {
  return (
    <tr>
      <th scope="row">
        <a class="row-name" href={`#/sources/${source.id}`}>
          {source.name}
        </a>
        <span class="below">
          {collector.name}
          {source.category !== undefined && <span class="middle"> · {source.category}</span>}
        </span>
      </th>
      <td>
        <Status source={source} />
      </td>
      <td class="wide">
        <ul class="apis">
          {source.apis.map(api => (
            <li key={api.api}>
              <HealthIcon health={apiHealth(api)} />
              {apiTitle(api.api)}
              {api.noWordSince !== undefined && (
                <span class="quiet">
                  no word since <Ago at={api.noWordSince} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </td>
      <td class="number wide">
        <Ago at={lastEvent} />
      </td>
      <td class="number">
        <Ago at={lagSince} suffix="" />
      </td>
      <td class="wide">
        <Sparkline hours={hours} />
      </td>
      <td class="number middle">{formatCount(events)}</td>
    </tr>
  )
}

/** Sources as lines. */
export function CollectionTable({ rows, order }: { readonly rows: readonly Row[]; readonly order: Order }) {
  if (rows.length === 0)
    return <p class="card empty">No source is like this. Change the search or the filter.</p>
  return (
    <table class="card collection">
      <thead>
        <tr>
          <Sortable column="name" title="Source" order={order} />
          <Sortable column="health" title="Health" order={order} />
          <th scope="col" class="wide">
            APIs
          </th>
          <th scope="col" class="number wide">
            Last event
          </th>
          <Sortable column="lag" title="Lag" order={order} name="number" />
          <th scope="col" class="wide">
            Last 24 hours
          </th>
          <Sortable column="events" title="Events" order={order} name="number middle" />
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Line key={row.source.id} row={row} />
        ))}
      </tbody>
    </table>
  )
}
