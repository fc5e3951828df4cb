import { MAX_ERROR_BODY, MAX_KEPT_TEXT } from '../../contract/limits.ts'

/** How long an error text may be, unless its place says otherwise. */
export const MAX_TEXT = MAX_ERROR_BODY

/** Cuts a text to at most `most` characters. It stays well-formed if a character is cut in the middle. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text

/** Cuts a text to at most 2048 characters. */
export const bounded = (text: string): string => cut(text, MAX_TEXT)

/** Cuts a text to what a task and a health event keep. The one rule for every text that goes into a task's item. */
export const keptText = (text: string): string => cut(text, MAX_KEPT_TEXT)

/** Returns a body in the form that error texts show: as received, at most 2048 characters. */
export const shownBody = (body: string): string => (body.trim() === '' ? 'no body' : bounded(body))
