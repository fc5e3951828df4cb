import { MAX_ERROR_BODY } from '../../contract/limits.ts'

/** At most 2048 characters, well-formed even when cut in the middle of one. */
export const bounded = (text: string): string =>
  text.length > MAX_ERROR_BODY ? `${text.slice(0, MAX_ERROR_BODY).toWellFormed()}…` : text

/** A body as error texts show it: as received, cut to 2048 characters. */
export const shownBody = (body: string): string => (body.trim() === '' ? 'no body' : bounded(body))
