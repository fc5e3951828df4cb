import { expect, it } from 'vitest'
import {
  isNetworkFailure,
  NetworkFailure,
  networkReason,
} from '../../../../shared/domain/failure/network-failure.ts'

it.each([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['UND_ERR_SOCKET', 'closed'],
  ['EPIPE', 'closed'],
  ['EHOSTUNREACH', 'unroutable'],
  ['ENETUNREACH', 'unroutable'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ETIMEDOUT', 'connect-timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'headers-timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'body-timeout'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['EPROTO', 'tls'],
  ['HPE_INVALID_CONSTANT', 'protocol'],
  ['HTTPParserError', 'protocol'],
  ['ESOMETHING', 'other'],
  [undefined, 'other'],
])('%s is %s', (code, reason) => {
  expect(networkReason(code)).toBe(reason)
})

it('is recognised by name', () => {
  expect(isNetworkFailure(new NetworkFailure({ reason: 'dns', at: 'https://x' }))).toBe(true)
  expect(isNetworkFailure(new Error('x'))).toBe(false)
})
