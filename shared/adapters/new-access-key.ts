import { randomBytes, randomInt } from 'node:crypto'
import type { AccessKey } from '../domain/source/access-key.ts'

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 48 of 62 characters: 285 bits, as the stack's first key has. */
const LENGTH = 48

/** A key that nobody has had before, of characters that need no quoting in a shell. */
export const newAccessKey = (): AccessKey => ({
  accessId: `op${randomBytes(4).toString('hex')}`,
  accessKey: Array.from(
    { length: LENGTH },
    () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)],
  ).join(''),
})
