import { toMilliseconds } from '../stream/timestamp.ts'
import { isIpAddress } from './ip-address.ts'

/** How a value of the source becomes a value of OCSF. `undefined` means that there is no value. */
export interface Conversion {
  /** What the documentation says of it. Empty if the value stays as it is. */
  readonly says: string
  /** Whether the source's value is in the result as it was. If not, it is kept in `unmapped`, too. */
  readonly isCopy: boolean
  convert(value: unknown): unknown
}

type ReadText = (text: string) => unknown

const ofText =
  (read: ReadText) =>
  (value: unknown): unknown =>
    typeof value === 'string' && value !== '' ? read(value) : undefined

const copyOfText = (says: string, isUsable: (text: string) => boolean): Conversion => ({
  says,
  isCopy: true,
  convert: ofText(text => (isUsable(text) ? text : undefined)),
})

const fromText = (says: string, read: ReadText): Conversion => ({
  says,
  isCopy: false,
  convert: ofText(read),
})

// What OCSF takes for an address. All others stay in unmapped.
const EMAIL = /^[\w!#$%&'*+./=?^`{|}~-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$/
const SERVICE_ACCOUNT = '@1passwordserviceaccounts.com'

const isCountryCode = (text: string): boolean => /^[A-Za-z]{2}$/.test(text)

export const TEXT = copyOfText('', () => true)
export const IP = copyOfText('if it is an IP address', isIpAddress)
export const EMAIL_ADDRESS = copyOfText('if it is an e-mail address', text => EMAIL.test(text))
export const COUNTRY_CODE = copyOfText('if it has two letters', isCountryCode)
export const COUNTRY_NAME = copyOfText('if it has more or fewer letters', text => !isCountryCode(text))

export const NUMBER: Conversion = {
  says: '',
  isCopy: true,
  convert: value => (typeof value === 'number' ? value : undefined),
}

export const NUMBER_AS_TEXT: Conversion = {
  says: 'as text',
  isCopy: false,
  convert: value => (typeof value === 'number' ? String(value) : undefined),
}

export const MILLISECONDS = fromText('in milliseconds, finer digits cut off', text => {
  const milliseconds = toMilliseconds(text)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
})

export const LIST = fromText('as a list of one', text => [text])

export const SERVICE_WORD = fromText(`if it ends with ${SERVICE_ACCOUNT}`, text =>
  text.endsWith(SERVICE_ACCOUNT) ? 'service' : undefined,
)

/** `true` for these words. For all others there is no value. */
export const trueFor = (words: readonly string[]): Conversion =>
  fromText(`true for ${words.join(', ')}`, text => (words.includes(text) ? true : undefined))
