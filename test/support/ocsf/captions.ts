import { enumCaptions } from './resolve-schema.ts'
import { OCSF_1_8 } from './validator.ts'

/** Returns the number that the schema gives to a caption. */
export function numberOf(shape: string, attribute: string, caption: string): number {
  const found = Object.entries(enumCaptions(OCSF_1_8, shape, attribute)).find(([, each]) => each === caption)
  if (!found) throw new Error(`${shape}.${attribute} has no ${caption}`)
  return Number(found[0])
}

/** Turns `caption: words` into the caption of each word. */
export const captions = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).flatMap(([caption, words]) => words.split(' ').map(word => [word, caption])))
