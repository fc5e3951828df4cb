import { gunzipSync } from 'node:zlib'
import { textAnswer } from '../account/events-api/answer.ts'
import type { Receive, ReceivedRequest, Reception } from './receiver.ts'

/** The path of an HTTP Source, before its code. */
export const SUMOLOGIC_PATH = '/receiver/v1/http/'

/** How the headers of a request are called as metadata of its messages. */
const METADATA: Readonly<Record<string, string>> = {
  'x-sumo-name': '_sourceName',
  'x-sumo-host': '_sourceHost',
  'x-sumo-category': '_sourceCategory',
}

const MAX_FIELDS = 30

/** The bytes of a header are UTF-8. Node shows each as one character. */
const readHeader = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')

/** Reads `name=value,name=value`. Further fields, and what has no value, are dropped in silence, as Sumo Logic does. */
function readFields(header: string): readonly (readonly [string, string])[] {
  const pairs = header.split(',').map(pair => pair.split('='))
  return pairs
    .flatMap(pair => (pair.length === 2 ? [[pair[0] ?? '', pair[1] ?? ''] as const] : []))
    .slice(0, MAX_FIELDS)
}

function readMetadata({ headers }: ReceivedRequest): Readonly<Record<string, string>> {
  const named = Object.entries(METADATA).flatMap(([header, name]) => {
    const value = headers[header]
    return value === undefined ? [] : [[name, readHeader(value)] as const]
  })
  return Object.fromEntries([...named, ...readFields(readHeader(headers['x-sumo-fields'] ?? ''))])
}

const readBody = ({ headers, body }: ReceivedRequest): string =>
  Buffer.from(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8')

const refused = (status: number, text: string): Reception => ({
  events: [],
  answer: textAnswer(status, text),
})

/** A Sumo Logic HTTP Source: each line of a request is a message. The code in the path is the credential. */
export const receiveSumoLogic =
  (code: string): Receive =>
  request => {
    if (request.method !== 'POST') return refused(405, 'Method Not Allowed')
    if (request.path !== `${SUMOLOGIC_PATH}${code}`) return refused(401, 'Unauthorized')
    const metadata = readMetadata(request)
    const lines = readBody(request).split('\n')
    const events = lines.filter(line => line !== '').map(text => ({ text, metadata }))
    return { events, answer: textAnswer(200, '') }
  }
