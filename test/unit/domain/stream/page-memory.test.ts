import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { MAX_PAGE_BYTES } from '../../../../shared/contract/limits.ts'

const SCRIPT = path.join(import.meta.dirname, '../../../support/page-memory.ts')

/** What the function has (infra/collect.ts), without what the SDK and the runtime need beside the work on pages. */
const FREE_MB = 320 - 80

it.each(['good', 'bad'])(
  'pages of the largest size fit into the memory of the function: %s items',
  async kind => {
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, [
      '--max-old-space-size=240',
      SCRIPT,
      `${MAX_PAGE_BYTES}`,
      kind,
    ])
    expect(Number(stdout)).toBeGreaterThan(100)
    expect(Number(stdout)).toBeLessThan(FREE_MB)
  },
  60_000,
)
