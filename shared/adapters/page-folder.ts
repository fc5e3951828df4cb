import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PAGE_ENCODINGS, PAGE_INDEX, type PageIndex } from '../contract/page-files.ts'
import type { PageFiles } from '../ports.ts'

async function readIndex(folder: string): Promise<PageIndex> {
  return JSON.parse(await readFile(join(folder, PAGE_INDEX), 'utf8')) as PageIndex
}

/**
 * The files of the page in a folder. Nothing is read before somebody asks for a file. Only files that the index names are
 * ever read, so a path leads nowhere else.
 */
export function pageFolder(folder: string): PageFiles {
  let index: Promise<PageIndex> | undefined
  const kept = new Map<string, Promise<Uint8Array>>()
  const readIndexOnce = (): Promise<PageIndex> => {
    index ??= readIndex(folder).catch(error => {
      index = undefined
      throw error
    })
    return index
  }
  return {
    async find(path) {
      const files = await readIndexOnce()
      return Object.hasOwn(files, path) ? files[path] : undefined
    },
    read({ file }, encoding) {
      const name = `${file}${PAGE_ENCODINGS[encoding]}`
      const content = kept.get(name) ?? readFile(join(folder, name))
      kept.set(name, content)
      return content
    },
  }
}
