import { collection } from '../api/collection.ts'
import { HourChart } from '../components/hour-chart.tsx'
import { HealthIcon } from '../components/icon.tsx'
import { Heading } from '../components/shell.tsx'
import { Findings, HealthBadge } from '../components/status.tsx'
import { Ago } from '../components/time.tsx'
import type { Collection } from '../model/collected.ts'
import { apiTitle, formatCount, plural } from '../model/format.ts'
import { HEALTH_TITLES, type Health } from '../model/health.ts'
import { type Summary, summarize } from '../model/summary.ts'
import { FirstVisit } from './first-visit.tsx'

const WORST_SHOWN = 5

function Verdict({ summary }: { readonly summary: Summary }) {
  const { health, sources, healthy } = summary
  const isWell = health === 'healthy'
  const title = isWell
    ? 'Everything is collecting'
    : `${formatCount(healthy)} of ${plural(sources, 'source')} collecting`
  return (
    <section class={`card verdict verdict-${health}`} aria-label="Verdict">
      <HealthIcon health={health} />
      <div>
        <p class="verdict-title">{title}</p>
        <p class="quiet">
          {isWell
            ? plural(sources, 'source')
            : `${formatCount(summary.counts.get(health) ?? 0)} ${HEALTH_TITLES[health].toLowerCase()}`}
        </p>
      </div>
    </section>
  )
}

function Numbers({ summary }: { readonly summary: Summary }) {
  return (
    <>
      <section class="card figure" aria-label="Lag">
        <p class="label">Furthest behind</p>
        <p class="value">
          <Ago at={summary.lagSince} suffix="" />
        </p>
        <p class="quiet">{summary.lagSource ?? 'nothing is read yet'}</p>
      </section>
      <section class="card figure" aria-label="Events">
        <p class="label">Events in 24 hours</p>
        <p class="value">{formatCount(summary.events)}</p>
        <p class="quiet">{formatCount(summary.lastHour)} in this hour</p>
      </section>
      <section class="card figure" aria-label="Open health events">
        <p class="label">Open health events</p>
        <p class="value">{formatCount(summary.openHealthEvents)}</p>
        <p class="quiet">
          <a href="#/events">Show them</a>
        </p>
      </section>
    </>
  )
}

function Needs({ summary }: { readonly summary: Summary }) {
  const { wrong } = summary
  return (
    <section class="card" aria-labelledby="needs">
      <h2 id="needs">What needs a person now</h2>
      {wrong.length === 0 ? (
        <p class="quiet">Nothing. Whatever is retrying or starting does so by itself.</p>
      ) : (
        <ul class="needs">
          {wrong.slice(0, WORST_SHOWN).map(({ source, collector, health }) => (
            <li key={source.id}>
              <p class="needs-title">
                <a href={`#/sources/${source.id}`}>{source.name}</a>
                <span class="quiet">{collector.name}</span>
                <HealthBadge health={health} />
              </p>
              <Findings source={source} />
            </li>
          ))}
        </ul>
      )}
      {wrong.length > WORST_SHOWN && <a href="#/collection">All {plural(wrong.length, 'source')}</a>}
    </section>
  )
}

function HealthCounts({ counts }: { readonly counts: ReadonlyMap<Health, number> }) {
  return (
    <ul class="chips" aria-label="Sources by health">
      {[...counts].map(([health, count]) => (
        <li key={health}>
          <a class="chip" href={`#/collection?health=${health}`}>
            <HealthIcon health={health} />
            {HEALTH_TITLES[health]} <strong>{formatCount(count)}</strong>
          </a>
        </li>
      ))}
    </ul>
  )
}

function Loaded({ shown }: { readonly shown: Collection }) {
  const summary = summarize(shown)
  if (summary.sources === 0) return <FirstVisit collectors={shown.collectors.length} />
  const title = 'Events by hour and API, last 24 hours'
  return (
    <>
      <div class="figures">
        <Verdict summary={summary} />
        <Numbers summary={summary} />
      </div>
      <HealthCounts counts={summary.counts} />
      <div class="columns">
        <section class="card" aria-labelledby="by-hour">
          <h2 id="by-hour">Events by hour</h2>
          <HourChart
            title={title}
            since={shown.hoursSince}
            series={summary.byApi.map(({ api, hours }) => ({ title: apiTitle(api), hours }))}
          />
        </section>
        <Needs summary={summary} />
      </div>
    </>
  )
}

/** Is everything collecting, how far behind, and what needs a person now. */
export function Overview() {
  const shown = collection.value
  return (
    <>
      <Heading title="Overview" />
      {shown ? <Loaded shown={shown} /> : <p class="quiet">Reading …</p>}
    </>
  )
}
