import { eventLines } from '../../shared/domain/stream/event-line.ts'
import { readPage } from '../../shared/domain/stream/page.ts'
import { coldStarts, coldStartTable } from '../deployed/cold-start.ts'
import { startDeployedSystem } from '../deployed/deployed-system.ts'
import { sampleSource } from '../support/sample-task.ts'

const item = (n: number): string =>
  JSON.stringify({
    uuid: `E${n}`,
    timestamp: '2026-03-01T00:00:00.123456789Z',
    category: 'success',
    details: null,
    target_user: { uuid: 'U', name: 'Zoë "Z" Müller', email: 'zoe@example.com' },
    client: { app_name: '1Password for Mac', ip_address: '192.0.2.1', notes: '{[x]}'.repeat(100) },
  })

const items = Array.from({ length: 1000 }, (_, n) => item(n))
const compact = Buffer.from(`{"cursor":"c","has_more":true,"items":[${items.join(',')}]}`)
const spaced = Buffer.from(JSON.stringify(JSON.parse(compact.toString()), undefined, 2))
const page = readPage(compact)
const registered = sampleSource()

/** Returns the median milliseconds of one call. */
function medianMs(work: () => unknown, runs = 200): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return times.toSorted((x, y) => x - y)[runs >> 1] ?? Number.NaN
}

const PAGE_WORK: Record<string, () => unknown> = {
  read: () => readPage(compact),
  'read, with white space between all tokens': () => readPage(spaced),
  'rendered as lines': () => eventLines(page.items, registered, 'sign-in'),
}

/** Measures how fast a page is read and rendered. */
function measurePage(): void {
  console.log(`A page of 1000 items, ${Math.round(compact.length / 1024)} KB; median of 200:`)
  for (const [name, work] of Object.entries(PAGE_WORK))
    console.log(`${medianMs(work).toFixed(2).padStart(8)} ms  ${name}`)
}

/** Measures how fast the deployed bundles start. */
async function measureColdStarts(): Promise<void> {
  const system = await startDeployedSystem()
  try {
    console.log(`\n${coldStartTable(await coldStarts(system))}`)
  } finally {
    await system.close()
  }
}

measurePage()
await measureColdStarts()
