import { MAX_ERROR_BODY } from '../../contract/limits.ts'

/** How long an error text may be, unless its place says otherwise. */
export const MAX_TEXT = MAX_ERROR_BODY

/** At most `most` characters, well-formed even when cut in the middle of one. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text

/** At most 2048 characters. */
export const bounded = (text: string): string => cut(text, MAX_TEXT)

/** A body as error texts show it: as received, cut to 2048 characters. */
export const shownBody = (body: string): string => (body.trim() === '' ? 'no body' : bounded(body))
