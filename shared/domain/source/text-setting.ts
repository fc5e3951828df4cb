import { memberOf, type RequestSection, refuse } from './request-section.ts'

export interface TextRule {
  /** In characters (code points). */
  readonly max: number
  readonly required?: true
  /** Shown on one line and used as a key: no control characters, no white space around it. */
  readonly label?: true
  /** Wire code of a text that is too long. */
  readonly lengthCode?: string
}

/** reference/sumo-api §1.2, §4.1, §4.3. */
export const NAME_RULE: TextRule = {
  max: 128,
  required: true,
  label: true,
  lengthCode: 'collectors.validation.name.length',
}
export const DESCRIPTION_RULE: TextRule = {
  max: 1024,
  lengthCode: 'collectors.validation.description.length',
}
export const CATEGORY_RULE: TextRule = { max: 1024, label: true }

const CONTROL = /\p{Cc}/u
const SURROUNDED = /^\s|\s$/u

export const characters = (text: string): number => [...text].length

/** What a label may not be, or undefined. */
export function labelFault(text: string): string | undefined {
  if (CONTROL.test(text)) return 'must be without control characters and line breaks'
  return SURROUNDED.test(text) ? 'must be without white space at its beginning and end' : undefined
}

/** The text under this name exactly as sent; undefined if it is missing or at fault. */
export function checkText(section: RequestSection, name: string, rule: TextRule): string | undefined {
  const text = memberOf(section, name)
  if (text === undefined && !rule.required) return undefined
  if (text === undefined || (text === '' && rule.required)) return refuse(section, name, 'is required')
  if (typeof text !== 'string') return refuse(section, name, 'must be a string')
  if (characters(text) > rule.max) {
    return refuse(section, name, `must be at most ${rule.max} characters long`, rule.lengthCode)
  }
  if (!text.isWellFormed()) return refuse(section, name, 'must be well-formed Unicode (no lone surrogates)')
  const fault = rule.label && labelFault(text)
  return fault ? refuse(section, name, fault) : text
}
