const BAR = 4
const GAP = 1
const HEIGHT = 24

/** The hours as bars, the oldest first. The number stands beside it, so a screen reader is told nothing here. */
export function Sparkline({ hours }: { readonly hours: readonly number[] }) {
  const most = Math.max(1, ...hours)
  const bars = hours.map((count, hour) => {
    const height = count === 0 ? 1 : Math.max(2, Math.round((count / most) * HEIGHT))
    return `M${hour * (BAR + GAP)} ${HEIGHT}v-${height}h${BAR}v${height}z`
  })
  const width = hours.length * (BAR + GAP) - GAP
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      aria-hidden="true"
    >
      <path d={bars.join('')} />
    </svg>
  )
}
