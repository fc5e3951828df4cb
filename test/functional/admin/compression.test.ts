import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compressAnswers } from '../../../functions/admin/http/compression.ts'
import { adminWorld, toRequest } from './admin-world.ts'

const LARGE = '/openapi.json'

function get(path: string, accepted?: string, method = 'GET') {
  const headers = { 'accept-encoding': accepted }
  return adminWorld().handle(toRequest({ method, path, headers }))
}

describe('a large answer', () => {
  it('is compressed for a client that takes gzip, and says the same', async () => {
    const plain = await get(LARGE)
    const compressed = await get(LARGE, 'gzip, br')
    expect(compressed).toMatchObject({ isBase64Encoded: true, headers: { 'content-encoding': 'gzip' } })
    expect(gunzipSync(Buffer.from(compressed.body ?? '', 'base64')).toString() === plain.body).toBe(true)
    expect(plain.headers).not.toHaveProperty('content-encoding')
    expect(plain.headers?.['vary']).toBe('accept-encoding')
  })

  it('has no body for HEAD', async () => {
    expect((await get(LARGE, 'gzip', 'HEAD')).body).toBe('')
  })

  it.each([
    [16 * 1024 - 1, false],
    [16 * 1024, true],
    [16 * 1024 + 1, true],
  ])('of %i bytes is compressed: %s', (bytes, isCompressed) => {
    const event = toRequest({ method: 'GET', path: '/', headers: { 'Accept-Encoding': 'gzip' } })
    const response = { statusCode: 200, body: 'x'.repeat(bytes), isBase64Encoded: false }
    compressAnswers().after?.({ event, response } as never)
    expect(response.isBase64Encoded).toBe(isCompressed)
  })
})
