import type { Episode } from './health-events.ts'

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const WIDTH = 1000
const LEAST_WIDTH = 3

/** Where the episodes lie on a line that is 1,000 wide. Short ones are wide enough to be seen. */
export function placeEpisodes(
  episodes: readonly Episode[],
  { fromMs, toMs }: Span,
): readonly { readonly episode: Episode; readonly x: number; readonly width: number }[] {
  const place = (ms: number): number =>
    (Math.min(Math.max(ms - fromMs, 0), toMs - fromMs) / (toMs - fromMs)) * WIDTH
  return episodes.map(episode => {
    const from = place(Date.parse(episode.since))
    const to = place(episode.until === undefined ? toMs : Date.parse(episode.until))
    const width = Math.max(LEAST_WIDTH, to - from)
    return { episode, x: Math.min(from, WIDTH - width), width }
  })
}
