import { describe, expect, it } from 'vitest'
import { MAX_ITEM_TEXT } from '../../../../shared/contract/limits.ts'
import { readIntrospection } from '../../../../shared/domain/source/introspection.ts'

const read = (body: string) => readIntrospection(Buffer.from(body))

describe('an introspection', () => {
  it.each([
    [
      '{"uuid":"U","issued_at":"2026-01-01T00:00:00Z","features":["auditevents"],"account_uuid":"A"}',
      ['auditevents'],
    ],
    ['{"features":[]}', []],
    ['{"features":["signinattempts","of tomorrow"],"unknown":1.0}', ['signinattempts', 'of tomorrow']],
  ])('gives the features of the token: %s', (body, features) => {
    expect(read(body).features).toEqual(features)
  })

  it.each([
    ['{"features":[],"account_uuid":"A"}', 'A'],
    ['{"features":[]}', undefined],
    ['{"features":[],"account_uuid":7}', undefined],
    [`{"features":[],"account_uuid":"${'A'.repeat(MAX_ITEM_TEXT)}"}`, 'A'.repeat(MAX_ITEM_TEXT)],
    [`{"features":[],"account_uuid":"${'A'.repeat(MAX_ITEM_TEXT + 1)}"}`, undefined],
    ['{"features":[],"account_uuid":["A"]}', undefined],
  ])('gives the account if the answer names it: %s', (body, account) => {
    expect(read(body).accountUuid).toBe(account)
  })

  it.each([
    '',
    '<html>',
    'null',
    '[]',
    '"features"',
    '{}',
    '{"features":null}',
    '{"features":"auditevents"}',
    '{"features":["a",1]}',
    '{"Features":["auditevents"]}',
  ])('is a passing fault if the answer is something else: %s', body => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({
        name: 'RunFailure',
        type: 'ThirdPartyGeneric',
        code: 200,
        message: expect.stringContaining('check base_url'),
      }),
    )
  })
})
