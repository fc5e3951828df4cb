/*
 * A process that does with pages of a size what a run does with them: one is being read and delivered while the body of
 * the next one arrives. It prints the most memory that it had, in MB. Arguments: the size of a page in bytes, and
 * whether its items are `good`, or one of them is `bad`.
 */
import { eventLines } from '../../shared/domain/stream/event-line.ts'
import { type Page, readPage } from '../../shared/domain/stream/page.ts'
import { salvagePage } from '../../shared/domain/stream/salvaged-page.ts'
import { sampleSource } from './sample-task.ts'

const [size = '0', kind = 'good'] = process.argv.slice(2)

/** Arrives in chunks, as from a socket. A character beyond Latin-1 makes every text of the page twice as large. */
function receive(bytes: number): Buffer {
  const items: string[] = []
  const text = 'x'.repeat(Math.floor(bytes / 1000) - 100)
  for (let n = 0; n < 1000; n++)
    items.push(`{"uuid":"E${n}","timestamp":"2026-03-01T00:00:00Z","name":"漢","notes":"${text}"}`)
  if (kind === 'bad') items.push('{"n":NaN}')
  const chunks = items.map((item, n) =>
    Buffer.from(`${n ? ',' : '{"cursor":"c","has_more":true,"items":['}${item}`),
  )
  return Buffer.concat([...chunks, Buffer.from(']}')])
}

function read(body: Buffer): Page {
  try {
    return readPage(body)
  } catch (failure) {
    return salvagePage(body, failure)
  }
}

let page = read(receive(Number(size)))
for (let pages = 0; pages < 5; pages++) {
  const ahead = receive(Number(size))
  const lines = eventLines(page.items, sampleSource(), 'sign-in')
  // The SDK signs a copy of the body.
  Buffer.from(lines)
  page = read(ahead)
}
process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)))
