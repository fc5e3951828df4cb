import { useEffect, useRef, useState } from 'preact/hooks'
import { chooseScale, stackBars } from '../model/chart.ts'
import { formatCount, formatShort, formatUtc } from '../model/format.ts'
import { sumHours } from '../model/rows.ts'

export interface Series {
  readonly title: string
  readonly hours: readonly number[]
}

interface Given {
  readonly title: string
  readonly since: string
  readonly series: readonly Series[]
}

const HEIGHT = 168
const LEFT = 44
const TOP = 10
const HOUR_MS = 3_600_000

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const hourAt = (since: string, hour: number): number => Date.parse(since) + hour * HOUR_MS

/** A drawing as wide as its place has its texts in their own size. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(640)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 640)))
    if (place.current) observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return { place, width }
}

function Axes({
  lines,
  top,
  width,
  since,
}: {
  readonly lines: readonly number[]
  readonly top: number
  readonly width: number
  readonly since: string
}) {
  const step = (width - LEFT) / 24
  const toY = (line: number): number => TOP + HEIGHT - (line / top) * HEIGHT
  return (
    <g class="axes">
      {lines.map(line => (
        <g key={line}>
          <path d={`M${LEFT} ${toY(line)}H${width}`} />
          <text x={LEFT - 8} y={toY(line) + 4} text-anchor="end">
            {formatShort(line)}
          </text>
        </g>
      ))}
      {[0, 6, 12, 18].map(hour => (
        <text key={hour} x={LEFT + hour * step} y={TOP + HEIGHT + 20}>
          {CLOCK.format(hourAt(since, hour))}
        </text>
      ))}
      <text x={width} y={TOP + HEIGHT + 20} text-anchor="end">
        now
      </text>
    </g>
  )
}

function HourTable({ title, since, series }: Given) {
  return (
    <details class="chart-table">
      <summary>Show as a table</summary>
      <table aria-label={title}>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            {series.map(({ title: name }) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 24 }, (_, hour) => (
            <tr key={hour}>
              <th scope="row" title={formatUtc(new Date(hourAt(since, hour)).toISOString())}>
                {CLOCK.format(hourAt(since, hour))}
              </th>
              {series.map(({ title: name, hours }) => (
                <td key={name} class="number">
                  {formatCount(hours[hour] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

/** Events by hour and API, stacked, with the same as a table. */
export function HourChart({ title, since, series }: Given) {
  const { place, width } = useWidth()
  const all = series.map(({ hours }) => hours)
  const { top, lines } = chooseScale(Math.max(...sumHours(all), 0))
  const step = (width - LEFT) / 24
  const describe = (hour: number): string =>
    [
      CLOCK.format(hourAt(since, hour)),
      ...series.map(({ title: name, hours }) => `${name}: ${formatCount(hours[hour] ?? 0)}`),
    ].join('\n')
  return (
    <figure class="chart">
      {series.length > 1 && (
        <ul class="legend">
          {series.map(({ title: name }, index) => (
            <li key={name} class={`series-${index}`}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <div ref={place}>
        <svg
          width={width}
          height={HEIGHT + TOP + 26}
          role="img"
          aria-label={`${title}. The table has the numbers.`}
        >
          <Axes lines={lines} top={top} width={width} since={since} />
          {stackBars(all, top, HEIGHT).map(({ series: index, hour, y, height }) => (
            <rect
              key={`${index} ${hour}`}
              class={`series-${index}`}
              x={LEFT + hour * step + step * 0.12}
              y={TOP + y}
              width={step * 0.76}
              height={Math.max(1, height - 0.75)}
              rx="1.5"
            />
          ))}
          {Array.from({ length: 24 }, (_, hour) => (
            <rect key={hour} class="hour" x={LEFT + hour * step} y={TOP} width={step} height={HEIGHT}>
              <title>{describe(hour)}</title>
            </rect>
          ))}
        </svg>
      </div>
      <HourTable title={title} since={since} series={series} />
    </figure>
  )
}
