import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { collection } from '../api/collection.ts'
import { CollectionTable } from '../components/collection-table.tsx'
import { Heading } from '../components/shell.tsx'
import type { Collection } from '../model/collected.ts'
import { formatCount, plural } from '../model/format.ts'
import { HEALTH_TITLES, HEALTHS, type Health } from '../model/health.ts'
import { chooseRows, countHealths, listRows, type Wanted } from '../model/rows.ts'
import { FirstVisit } from './first-visit.tsx'

const STEP = 100

const text = signal('')
const order = signal<Pick<Wanted, 'column' | 'isDescending'>>({ column: 'health', isDescending: false })
const limit = signal(STEP)

const isHealth = (given: string | undefined): given is Health => HEALTHS.some(health => health === given)

const toAddress = (health: string): string =>
  health === '' ? '#/collection' : `#/collection?health=${health}`

function Filters({
  health,
  counts,
}: {
  readonly health: Health | undefined
  readonly counts: ReadonlyMap<Health, number>
}) {
  return (
    <search class="filters">
      <label>
        <span class="label">Search</span>
        <input
          type="search"
          placeholder="Name, collector or category"
          value={text.value}
          onInput={event => {
            text.value = event.currentTarget.value
            limit.value = STEP
          }}
        />
      </label>
      <label>
        <span class="label">Health</span>
        <select
          value={health ?? ''}
          onChange={event => location.replace(toAddress(event.currentTarget.value))}
        >
          <option value="">All</option>
          {HEALTHS.map(each => (
            <option key={each} value={each}>
              {HEALTH_TITLES[each]} ({formatCount(counts.get(each) ?? 0)})
            </option>
          ))}
        </select>
      </label>
    </search>
  )
}

function Loaded({ shown, wanted }: { readonly shown: Collection; readonly wanted: string | undefined }) {
  const health = isHealth(wanted) ? wanted : undefined
  const rows = useMemo(() => listRows(shown), [shown])
  const chosen = chooseRows(rows, { text: text.value, health, ...order.value })
  if (rows.length === 0) return <FirstVisit collectors={shown.collectors.length} />
  return (
    <>
      <Filters health={health} counts={countHealths(rows)} />
      <p class="quiet count" role="status">
        {chosen.length === rows.length
          ? `${plural(rows.length, 'source')} in ${plural(shown.collectors.length, 'collector')}`
          : `${formatCount(chosen.length)} of ${plural(rows.length, 'source')}`}
      </p>
      <CollectionTable rows={chosen.slice(0, limit.value)} order={order} />
      {chosen.length > limit.value && (
        <button type="button" class="more" onClick={() => (limit.value += STEP)}>
          Show {formatCount(Math.min(STEP, chosen.length - limit.value))} more
        </button>
      )}
    </>
  )
}

/** All sources. */
export function CollectionView({ health }: { readonly health: string | undefined }) {
  const shown = collection.value
  return (
    <>
      <Heading title="Collection" />
      {shown ? <Loaded shown={shown} wanted={health} /> : <p class="quiet">Reading …</p>}
    </>
  )
}
