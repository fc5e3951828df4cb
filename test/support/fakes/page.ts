import type { PageFile } from '../../../shared/contract/page-files.ts'
import type { PageFiles } from '../../../shared/ports.ts'

export const SCRIPT_PATH = '/assets/main-0123456789ab.js'

const FILES: Readonly<Record<string, PageFile>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8', digest: '0'.repeat(32) },
  [SCRIPT_PATH]: { file: 'main.js', type: 'text/javascript; charset=utf-8', digest: '1'.repeat(32) },
}

/** A page of two files. The content of each is its name, and how it is encoded. */
export const fakePage = (): PageFiles => ({
  find: async path => (Object.hasOwn(FILES, path) ? FILES[path] : undefined),
  read: async ({ file }, encoding) => Buffer.from(`${file} ${encoding}`),
})
