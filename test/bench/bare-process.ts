import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { readOwnUsage } from '../support/process-usage.ts'

/*
 * The least that a collector does, without any promise: fetch a page, find its cursor, put the page. The next page is
 * fetched while this one is put. `parse` finds the cursor with JSON.parse and puts what it received; `gzip` cuts the
 * cursor out and puts the page compressed. Arguments: one of these words, and addresses of APIs, which are read at the
 * same time. Prints what it used, as JSON.
 */
const [kind = 'parse', ...urls] = process.argv.slice(2)

interface Found {
  readonly cursor: string
  readonly hasMore: boolean
  readonly object: Uint8Array
}

function parsed(body: Buffer): Found {
  const { cursor, has_more } = JSON.parse(body.toString('utf8'))
  return { cursor, hasMore: has_more, object: body }
}

const compress = promisify(gzip)

async function compressed(body: Buffer): Promise<Found> {
  const end = body.subarray(-400).toString('latin1')
  const [, cursor = '', more] = /"cursor":"([^"]+)","has_more":(true|false)/.exec(end) ?? []
  return { cursor, hasMore: more === 'true', object: await compress(body, { level: 1 }) }
}

async function fetchPage(url: string, cursor?: string): Promise<Buffer> {
  const body = JSON.stringify(cursor === undefined ? { limit: 1000 } : { cursor })
  const response = await fetch(url, { method: 'POST', body, headers: { authorization: 'Bearer token' } })
  return Buffer.from(await response.arrayBuffer())
}

async function put(url: string, object: Uint8Array): Promise<void> {
  const response = await fetch(`${url}/object`, { method: 'PUT', body: object })
  await response.arrayBuffer()
}

async function drain(url: string): Promise<void> {
  let next: Promise<Buffer> | undefined = fetchPage(url)
  while (next) {
    const body: Buffer = await next
    const { cursor, hasMore, object }: Found = kind === 'parse' ? parsed(body) : await compressed(body)
    next = hasMore ? fetchPage(url, cursor) : undefined
    await put(url, object)
  }
}

const before = readOwnUsage()
const startedMs = performance.now()
await Promise.all(urls.map(drain))
const seconds = (performance.now() - startedMs) / 1000
const { cpuSeconds, peakMb } = readOwnUsage()
process.stdout.write(JSON.stringify({ cpuSeconds: cpuSeconds - before.cpuSeconds, peakMb, seconds }))
