import { randomInt } from 'node:crypto'
import type { SecretResource } from '../template/model.ts'

const LETTERS_AND_DIGITS = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789']
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

type Generate = NonNullable<SecretResource['generate']>

/** Generates a secret value as GenerateSecretString does: the password alone, or within its JSON template. */
export function generateSecretValue(generate: Generate): string {
  const password = generatePassword(generate)
  if (generate.key === undefined) return password
  return JSON.stringify({ ...JSON.parse(generate.template ?? '{}'), [generate.key]: password })
}

/** The password has at least one character of each class, as Secrets Manager does by default. */
function generatePassword({ length, excludePunctuation }: Generate): string {
  const classes = excludePunctuation ? LETTERS_AND_DIGITS : [...LETTERS_AND_DIGITS, PUNCTUATION]
  if (length < classes.length) throw new Error(`A generated secret of ${length} characters is too short`)
  const alphabet = classes.join('')
  for (;;) {
    const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
    if (classes.every(characters => [...password].some(char => characters.includes(char)))) return password
  }
}
