/** A value of an OCSF enumeration: the number and the text that stands beside it. */
export interface Code {
  readonly id: number
  readonly caption: string
}

/** The values of an enumeration that events have, each with the source's words for it. */
export interface Codes {
  readonly rows: readonly CodeRow[]
  readonly byWord: ReadonlyMap<string, Code>
}

export interface CodeRow extends Code {
  readonly words: readonly string[]
}

const UNKNOWN: Code = { id: 0, caption: 'Unknown' }

export const OTHER = 99

/** Makes a table of rows: number, caption, the source's words with spaces between them. */
export function codes(...table: readonly (readonly [number, string, string])[]): Codes {
  const rows = table.map(([id, caption, words]) => ({ id, caption, words: words.split(' ') }))
  return { rows, byWord: new Map(rows.flatMap(row => row.words.map(word => [word, row] as const))) }
}

/** Finds the value for a word. A word that is not in the table is kept as Other. Without a word it is Unknown. */
export function findCode({ byWord }: Codes, word: string | undefined): Code {
  if (word === undefined) return UNKNOWN
  return byWord.get(word) ?? { id: OTHER, caption: word }
}
