import { gzipSync } from 'node:zlib'
import type { MiddlewareObj } from '@middy/core'
import { chooseEncoding } from './content-encoding.ts'
import { type AdminRequest, type AdminResult, readHeader } from './message.ts'

/** A smaller answer is sent as it is: it fits into a few packets anyway. */
const MIN_BYTES = 16 * 1024

/** The collection of 1,000 sources is 2 MB of JSON. The fastest level makes a twentieth of it. */
const LEVEL = 1

/** Compresses large answers with gzip, for clients that accept it. */
export const compressAnswers = (): MiddlewareObj<AdminRequest, AdminResult> => ({
  after: ({ event, response }) => {
    if (!response?.body || response.isBase64Encoded || Buffer.byteLength(response.body) < MIN_BYTES) return
    response.headers = { ...response.headers, vary: 'accept-encoding' }
    if (chooseEncoding(readHeader(event, 'accept-encoding'), ['gzip']) !== 'gzip') return
    response.headers = { ...response.headers, 'content-encoding': 'gzip' }
    response.body = gzipSync(response.body, { level: LEVEL }).toString('base64')
    response.isBase64Encoded = true
  },
})
