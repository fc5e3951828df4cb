/** A bar of a stacked chart, in the units of its drawing. */
export interface Bar {
  readonly series: number
  readonly hour: number
  readonly y: number
  readonly height: number
}

/** A round number at or above `most`, and the lines below it: four at most. */
export function chooseScale(most: number): { readonly top: number; readonly lines: readonly number[] } {
  const rough = Math.max(1, most) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(
    1,
    [1, 2, 2.5, 5, 10].map(factor => factor * power).find(each => each >= rough) ?? rough,
  )
  const whole = Math.ceil(step)
  const count = Math.ceil(Math.max(1, most) / whole)
  return { top: count * whole, lines: Array.from({ length: count + 1 }, (_, line) => line * whole) }
}

/** Stacks the series of each hour upon each other. */
export function stackBars(
  series: readonly (readonly number[])[],
  top: number,
  height: number,
): readonly Bar[] {
  const hours = Math.max(0, ...series.map(({ length }) => length))
  return Array.from({ length: hours }, (_, hour) => {
    let sum = 0
    return series.flatMap((counts, index) => {
      const count = counts[hour] ?? 0
      if (count === 0) return []
      sum += count
      return [{ series: index, hour, y: height - (sum / top) * height, height: (count / top) * height }]
    })
  }).flat()
}
