import { formatDuration, secondsBetween } from '../model/format.ts'
import type { Episode } from '../model/health-events.ts'
import { HealthIcon } from './icon.tsx'
import { Ago, LocalTime } from './time.tsx'

function Duration({ episode: { since, until } }: { readonly episode: Episode }) {
  if (until !== undefined) return <span>{formatDuration(secondsBetween(since, Date.parse(until)))}</span>
  return (
    <strong class="is-open">
      open, <Ago at={since} suffix="" />
    </strong>
  )
}

/** Health events as lines, the newest first. */
export function EpisodeTable({ episodes }: { readonly episodes: readonly Episode[] }) {
  if (episodes.length === 0) return <p class="card empty">There is no such health event. That is good.</p>
  return (
    <table class="card episodes">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col" class="middle">
            Source
          </th>
          <th scope="col" class="middle">
            Since
          </th>
          <th scope="col">Duration</th>
        </tr>
      </thead>
      <tbody>
        {episodes.map(episode => (
          <tr key={episode.id}>
            <th scope="row">
              <span class="episode-title">
                <HealthIcon health={episode.severity === 'Error' ? 'failed' : 'warning'} />
                {episode.title}
              </span>
              <span class="below">{episode.tracker}</span>
              <details>
                <summary>Details</summary>
                <p class="finding-info">{episode.description}</p>
              </details>
            </th>
            <td class="middle">
              <a href={`#/sources/${episode.source}`}>{episode.sourceName}</a>
            </td>
            <td class="middle">
              <LocalTime at={episode.since} />
            </td>
            <td>
              <Duration episode={episode} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
