import { API_NAMES } from '../../../shared/contract/apis.ts'
import type { ConnectionTest } from '../../../shared/domain/source/connection-test.ts'
import type { FieldFault } from '../../../shared/domain/source/request-section.ts'
import { choice, flag, fullText, list, text, time } from '../openapi/schema.ts'
import { view } from '../openapi/view.ts'

const FAULT = view<FieldFault>()({
  field: text({ description: 'Path of the member, e.g. config.api_token.' }),
  message: fullText('What is wrong and what to do.'),
})

const TESTED_API = view<ConnectionTest['apis'][number]>()({
  api: choice(API_NAMES),
  'readable?': flag('Whether the token may read it. Left out where that is not known.'),
})

/** Our extension: what a source would be able to read. */
export const CONNECTION_TEST = view<ConnectionTest>()({
  ok: [
    flag('All APIs can be read, and nothing is wrong.'),
    ({ apis, faults }) => faults.length === 0 && apis.every(({ readable }) => readable),
  ],
  token: choice(['given', 'stored'], {
    description:
      'A given token was tested now. A stored one is not read for a test: the source uses it every few minutes.',
  }),
  'testedAt?': time('When: now, or when a run with the stored token last ended well.'),
  'account?': text({ description: 'The account of the token, if 1Password names it.' }),
  'expires?': time('When the token expires, if it says so itself.'),
  apis: [list(TESTED_API.schema), ({ apis }) => apis.map(TESTED_API.present)],
  faults: [list(FAULT.schema), ({ faults }) => faults.map(FAULT.present)],
})
