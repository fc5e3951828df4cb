import { nowMs, nowRoughlyMs } from '../api/clock.ts'
import { formatCountdown, formatDuration, formatUtc, secondsBetween } from '../model/format.ts'

const LOCAL = new Intl.DateTimeFormat(undefined, {
  ...{ year: 'numeric', month: 'short', day: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
})

interface Given {
  readonly at: string | undefined
}

const NONE = <span class="none">–</span>

/** A time in the reader's zone, and in UTC when the pointer is on it. */
export function LocalTime({ at }: Given) {
  if (at === undefined) return NONE
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={formatUtc(at)}>
      {Number.isNaN(ms) ? at : LOCAL.format(ms)}
    </time>
  )
}

/** How long ago something was. The title says when, in the reader's zone and in UTC. */
export function Ago({ at, suffix = ' ago' }: Given & { readonly suffix?: string }) {
  if (at === undefined) return NONE
  const ms = Date.parse(at)
  if (Number.isNaN(ms)) return <span>{at}</span>
  return (
    <time dateTime={at} title={`${LOCAL.format(ms)}, ${formatUtc(at)}`}>
      {formatDuration(secondsBetween(at, nowRoughlyMs.value))}
      {suffix}
    </time>
  )
}

/** Until then, by the second. A screen reader is not told each of them. */
export function Countdown({ at }: { readonly at: string }) {
  const seconds = -secondsBetween(at, nowMs.value)
  return (
    <time class="countdown" dateTime={at} title={formatUtc(at)}>
      {seconds > 0 ? formatCountdown(seconds) : 'now'}
    </time>
  )
}
