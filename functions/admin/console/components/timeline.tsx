import { formatUtc } from '../model/format.ts'
import type { Episode } from '../model/health-events.ts'
import { placeEpisodes, type Span } from '../model/timeline.ts'

const HEIGHT = 26
const DATE = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

/** The episodes along the last 90 days, one line for each severity. The table has the same in words. */
export function Timeline({ episodes, span }: { readonly episodes: readonly Episode[]; readonly span: Span }) {
  const lines = (['Error', 'Warning'] as const).map(severity => ({
    severity,
    bars: placeEpisodes(
      episodes.filter(episode => episode.severity === severity),
      span,
    ),
  }))
  return (
    <div class="timeline">
      {lines.map(({ severity, bars }) => (
        <div key={severity} class="timeline-line">
          <span class="label">{severity}</span>
          <svg
            viewBox={`0 0 1000 ${HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`${severity}s of 90 days: ${bars.length}. The table lists them.`}
          >
            <path class="track" d={`M0 ${HEIGHT / 2}H1000`} />
            {bars.map(({ episode, x, width }) => (
              <rect
                key={episode.id}
                class={`timeline-${severity}`}
                x={x}
                y={5}
                width={width}
                height={HEIGHT - 10}
              >
                <title>{`${episode.sourceName}: ${episode.title}, ${formatUtc(episode.since)}`}</title>
              </rect>
            ))}
          </svg>
        </div>
      ))}
      <p class="timeline-ends quiet">
        <span>{DATE.format(span.fromMs)}</span>
        <span>today</span>
      </p>
    </div>
  )
}
