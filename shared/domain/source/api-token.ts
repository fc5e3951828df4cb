import { type RequestSection, readMember, refuse } from './request-section.ts'
import type { Member } from './shape.ts'

/** What every answer shows in the token's place (docs/reference/management-api.md, "Secrets"). */
export const TOKEN_MASK = '********'

const MAX_LENGTH = 8192

/** It is sent as a header value. */
const SENDABLE = /^[\x21-\x7e]+$/

const QUOTES = '"\'`\u201c\u201d\u2018\u2019\u00ab\u00bb'

/** What people give in the place of a token. The first one that fits is named. A token of the Events API fits none. */
const MISTAKEN: readonly (readonly [what: RegExp, fault: string])[] = [
  // If the mask were stored as a token, every run would fail with 401 later.
  [/^\*+$/, 'is the mask that answers show; give the token itself'],
  [
    /^ops_/i,
    'is the token of a service account (ops_…), which cannot read events; give the token that 1Password issued for ' +
      'Events Reporting',
  ],
  [/^op:\/\//i, 'is a secret reference (op://…); give the token that it stands for, as `op read` prints it'],
  [/^arn:/i, 'is the ARN of a secret; give the token that the secret holds'],
  [
    /^(?:\$\{|\$\(|\$[a-z_]|\{\{|<|%[a-z_]+%$)/i,
    'is a placeholder that was not replaced ($NAME, {{…}}, <…> and the like); give the token in its place',
  ],
  [/^bearer\s/i, 'begins with Bearer, as the header does; give the token alone'],
  [new RegExp(`^[${QUOTES}]|[${QUOTES}]$`), 'has quotation marks around it; give the token without them'],
  [/^[{[]/, 'is JSON; give the token alone, as a text'],
]

function checkToken(section: RequestSection, name: string, token: unknown): string | undefined {
  if (typeof token !== 'string') return refuse(section, name, 'must be a string')
  const text = token.trim()
  const [, fault] = MISTAKEN.find(([what]) => what.test(text)) ?? []
  if (fault !== undefined) return refuse(section, name, fault)
  if (token.length > MAX_LENGTH) {
    return refuse(section, name, `must be at most ${MAX_LENGTH} characters long`)
  }
  if (SENDABLE.test(token)) return token
  return refuse(section, name, 'must be printable ASCII without spaces and line breaks')
}

/** The token of a new source. */
export const NEW_TOKEN: Member<string, 'refused'> = {
  absence: 'refused',
  schema: { type: 'string', minLength: 1, maxLength: MAX_LENGTH, pattern: '[^*]', writeOnly: true },
  check: (section, name) => {
    const token = readMember(section, name)
    if (token !== undefined && token !== '') return checkToken(section, name, token)
    return refuse(section, name, 'is required: the token that 1Password issued for Events Reporting')
  },
}

/** The token that replaces the one of a source. The mask, or nothing, means that the source keeps its own. */
export const REPLACING_TOKEN: Member<string, 'unset'> = {
  absence: 'unset',
  schema: {
    type: 'string',
    maxLength: MAX_LENGTH,
    writeOnly: true,
    description: 'Left out, or ********: the present token stays.',
  },
  check: (section, name) => {
    const token = readMember(section, name)
    if (token === undefined || token === TOKEN_MASK) return undefined
    if (token !== '') return checkToken(section, name, token)
    return refuse(section, name, `is empty; give a token, or ${TOKEN_MASK} to keep the present one`)
  },
}
