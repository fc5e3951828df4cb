/** Formats rows as lines with aligned columns. `right` names the columns that hold numbers. */
export function formatTable(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string {
  const columns = Math.max(...rows.map(row => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map(row => (row[at] ?? '').length)),
  )
  const lines = rows.map(row =>
    row
      .map((cell, at) => (right.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  '),
  )
  return lines.map(line => line.trimEnd()).join('\n')
}
