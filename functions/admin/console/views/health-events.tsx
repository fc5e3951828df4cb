import { useEffect, useState } from 'preact/hooks'
import { nowRoughlyMs } from '../api/clock.ts'
import { collection } from '../api/collection.ts'
import { HISTORIES, readEvents } from '../api/health-events.ts'
import { describeFailure } from '../api/source-calls.ts'
import { EpisodeTable } from '../components/episode-table.tsx'
import { Heading } from '../components/shell.tsx'
import { Timeline } from '../components/timeline.tsx'
import { plural } from '../model/format.ts'
import { chooseEpisodes, type Episode, toEpisodes, type WantedEpisodes } from '../model/health-events.ts'
import { listRows, type Row } from '../model/rows.ts'

const DAYS_MS = 90 * 86_400_000

interface Read {
  readonly episodes?: readonly Episode[]
  readonly fault?: string
}

/** They are read again when the number of open events of the sources changes. */
function useEpisodes(rows: readonly Row[] | undefined): Read {
  const [read, setRead] = useState<Read>({})
  const state = rows?.map(({ source }) => `${source.id} ${source.openHealthEvents}`).join()
  useEffect(() => {
    if (!rows) return
    let isShown = true
    readEvents(rows).then(
      events => isShown && setRead({ episodes: toEpisodes(events) }),
      error => isShown && setRead({ fault: describeFailure(error) }),
    )
    return () => {
      isShown = false
    }
  }, [state])
  return read
}

function Choice({
  title,
  value,
  options,
  choose,
}: {
  readonly title: string
  readonly value: string
  readonly options: readonly (readonly [value: string, title: string])[]
  readonly choose: (value: string) => void
}) {
  return (
    <label>
      <span class="label">{title}</span>
      <select value={value} onChange={event => choose(event.currentTarget.value)}>
        <option value="">All</option>
        {options.map(([each, name]) => (
          <option key={each} value={each}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

const toAddress = (source: string): string => (source === '' ? '#/events' : `#/events?source=${source}`)

const SEVERITIES = [
  ['Error', 'Error'],
  ['Warning', 'Warning'],
] as const
const STATES = [
  ['open', 'Open'],
  ['resolved', 'Resolved'],
] as const

function Loaded({ rows, source }: { readonly rows: readonly Row[]; readonly source: number | undefined }) {
  const [wanted, setWanted] = useState<WantedEpisodes>({ severity: '', name: '', state: '' })
  const own = source === undefined ? rows : rows.filter(row => row.source.id === source)
  const { episodes, fault } = useEpisodes(own)
  const names = [...new Set(episodes?.map(({ name }) => name))].sort()
  const chosen = episodes && chooseEpisodes(episodes, wanted)
  const toMs = nowRoughlyMs.value
  return (
    <>
      <search class="filters">
        <Choice
          title="Source"
          value={String(source ?? '')}
          options={rows.map(row => [String(row.source.id), row.source.name])}
          choose={id => location.replace(toAddress(id))}
        />
        <Choice
          title="Severity"
          value={wanted.severity}
          options={SEVERITIES}
          choose={severity => setWanted({ ...wanted, severity })}
        />
        <Choice
          title="Type"
          value={wanted.name}
          options={names.map(name => [name, name])}
          choose={name => setWanted({ ...wanted, name })}
        />
        <Choice
          title="State"
          value={wanted.state}
          options={STATES}
          choose={state => setWanted({ ...wanted, state })}
        />
      </search>
      {own.length > HISTORIES && (
        <p class="quiet count">
          Only open events of all sources are shown. Choose a source to see its 90 days.
        </p>
      )}
      <p role="alert" class="fault">
        {fault}
      </p>
      {chosen && (
        <>
          <section class="card" aria-label="Timeline">
            <Timeline episodes={chosen} span={{ fromMs: toMs - DAYS_MS, toMs }} />
          </section>
          <p class="quiet count" role="status">
            {plural(chosen.length, 'health event')}
          </p>
          <EpisodeTable episodes={chosen} />
        </>
      )}
    </>
  )
}

/** What was wrong, from when to when. */
export function HealthEvents({ source }: { readonly source: number | undefined }) {
  const shown = collection.value
  return (
    <>
      <Heading title="Health events" />
      {shown ? (
        <Loaded key={source} rows={listRows(shown)} source={source} />
      ) : (
        <p class="quiet">Reading …</p>
      )}
    </>
  )
}
