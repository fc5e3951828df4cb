export const code = (text: string): string => `\`${text}\``

export const codeList = (texts: readonly string[]): string => texts.map(code).join(', ')

const line = (cells: readonly string[]): string =>
  `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`

/** Writes a table. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
