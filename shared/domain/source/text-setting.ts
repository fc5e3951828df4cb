import { readMember, refuse } from './request-section.ts'
import { type Absence, type Member, required } from './shape.ts'

interface TextRule {
  /** In characters (code points). */
  readonly max: number
  /** Shown on one line and used as a key: no control characters, no white space around it. */
  readonly label?: true
  /** Wire code of a text that is too long. */
  readonly lengthCode?: string
  readonly description?: string
}

const CONTROL = /\p{Cc}/u
const SURROUNDED = /^\s|\s$/u

export const countCharacters = (text: string): number => [...text].length

/** Returns what is wrong with a label, or undefined. */
export function findLabelFault(text: string): string | undefined {
  if (CONTROL.test(text)) return 'must be without control characters and line breaks'
  return SURROUNDED.test(text) ? 'must be without white space at its beginning and end' : undefined
}

function findTextFault(text: string, rule: TextRule): string | undefined {
  if (!text.isWellFormed()) return 'must be well-formed Unicode (no lone surrogates)'
  return rule.label && findLabelFault(text)
}

/** A text is kept exactly as it was sent. */
function text<When extends Absence>(absence: When, rule: TextRule): Member<string, When> {
  const { max, lengthCode, description } = rule
  const isRequired = absence === 'refused'
  return {
    absence,
    schema: {
      type: 'string',
      ...(isRequired && { minLength: 1 }),
      maxLength: max,
      ...(description && { description }),
    },
    check: (section, name) => {
      const given = readMember(section, name)
      if (given === undefined && !isRequired) return undefined
      if (given === undefined || (given === '' && isRequired)) return refuse(section, name, 'is required')
      if (typeof given !== 'string') return refuse(section, name, 'must be a string')
      if (countCharacters(given) > max) {
        return refuse(section, name, `must be at most ${max} characters long`, lengthCode)
      }
      const fault = findTextFault(given, rule)
      return fault ? refuse(section, name, fault) : given
    },
  }
}

/** docs/reference/management-api.md, "Source configuration", "Errors and call limits", "Collectors". */
export const NAME = text('refused', {
  max: 128,
  label: true,
  lengthCode: 'collectors.validation.name.length',
})

export const DESCRIPTION = text('unset', {
  max: 1024,
  lengthCode: 'collectors.validation.description.length',
})

export const CATEGORY = text('unset', {
  max: 1024,
  label: true,
  description: "The events' _sourceCategory. A source without one takes the collector's.",
})

/** It has no effect. It is kept because clients compare what comes back with what they sent. */
export const TIME_ZONE = text('unset', {
  max: 128,
  label: true,
  description: 'Kept, without effect: events are delivered as they are.',
})

interface Codes {
  readonly missing?: string
  readonly invalid?: string
}

/** A text that can only be this one. */
export const constant = <Text extends string>(
  text: Text,
  { invalid, missing = invalid }: Codes = {},
): Member<Text, 'refused'> => ({
  absence: 'refused',
  schema: { const: text },
  check: (section, name) => {
    const given = readMember(section, name)
    if (given === text) return text
    return refuse(section, name, `must be "${text}"`, given === undefined ? missing : invalid)
  },
})

/** One of some words. */
export const choice = <Word extends string>(words: readonly Word[], description?: string) =>
  required<Word>({
    schema: { enum: words, ...(description && { description }) },
    read: given => words.find(word => word === given),
    wanted: `must be one of ${words.join(', ')}`,
  })
