import type { CollectedApi } from '../model/collected.ts'
import { apiTitle, formatCount, plural } from '../model/format.ts'
import { apiHealth } from '../model/health.ts'
import { HourChart } from './hour-chart.tsx'
import { HealthBadge } from './status.tsx'
import { Stepper } from './stepper.tsx'
import { Ago, Countdown, LocalTime } from './time.tsx'

function Retry({ retry }: { readonly retry: NonNullable<CollectedApi['retry']> }) {
  const { attempts, nextRetry, gaveUp, deadline } = retry
  return (
    <div class="retry">
      <p>
        <span class="label">Next retry</span>
        {nextRetry === undefined ? <span>none</span> : <Countdown at={nextRetry} />}
      </p>
      <p>
        <span class="label">Failed runs</span>
        {formatCount(attempts)}
      </p>
      <p>
        <span class="label">{gaveUp === undefined ? 'Given up at' : 'Given up'}</span>
        <LocalTime at={gaveUp ?? deadline} />
      </p>
    </div>
  )
}

function Facts({ api }: { readonly api: CollectedApi }) {
  return (
    <dl class="facts">
      <dt>Lag</dt>
      <dd>
        <Ago at={api.lagSince} suffix="" />
      </dd>
      <dt>Last event</dt>
      <dd>
        <Ago at={api.lastEventTime} />
      </dd>
      <dt>Cursor moved</dt>
      <dd>
        <Ago at={api.cursorSince} />
      </dd>
      <dt>Last good run</dt>
      <dd>
        <Ago at={api.lastSuccess} />
      </dd>
      <dt>Events</dt>
      <dd>
        {formatCount(api.events)} <span class="quiet">in {plural(api.pages, 'page')}</span>
      </dd>
      <dt>Late events</dt>
      <dd>{formatCount(api.lateEvents)}</dd>
      {api.unreadable !== undefined && api.unreadable > 0 && (
        <>
          <dt>Unreadable</dt>
          <dd>{formatCount(api.unreadable)} kept aside</dd>
        </>
      )}
      <dt>Token expires</dt>
      <dd>
        {api.tokenExpires === undefined ? (
          <span class="quiet">not known</span>
        ) : (
          <LocalTime at={api.tokenExpires} />
        )}
      </dd>
    </dl>
  )
}

/** How one API of a source is doing. */
export function ApiCard({ api, since }: { readonly api: CollectedApi; readonly since: string }) {
  const title = apiTitle(api.api)
  return (
    <section class="card api-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <HealthBadge health={apiHealth(api)} />
      </header>
      <Stepper api={api} />
      {api.retry && <Retry retry={api.retry} />}
      <Facts api={api} />
      <HourChart
        title={`Events of ${title} by hour`}
        since={since}
        series={[{ title: 'Events', hours: api.eventsByHour }]}
      />
    </section>
  )
}
