/** The median of some measurements. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The median of a member of each measurement. */
export const medianBy = <T>(measured: readonly T[], value: (one: T) => number): number =>
  median(measured.map(value))

export const rounded = (value: number, decimals = 2): number => Number(value.toFixed(decimals))

/** A table for people: the first column is a name, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows.map(row => row.map(String))]
  const widths = head.map((_, column) => Math.max(...cells.map(row => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  return `${cells.map(line).join('\n')}\n`
}
