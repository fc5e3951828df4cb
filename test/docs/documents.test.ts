import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../infra/settings.ts'
import { DOCUMENTS, listHeadings, PROJECT, readBlocks, readText, toAnchor } from './guide.ts'

const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }

const findAll = (text: string, pattern: RegExp): string[] =>
  Array.from(text.matchAll(pattern), ([, found = '']) => found)

/** Why a relative link of a document leads nowhere, or undefined. */
function linkFault(file: string, link: string): string | undefined {
  const [target = '', anchor] = link.split('#')
  const path = target === '' ? file : join(dirname(file), target)
  if (!existsSync(join(PROJECT, path))) return `${file}: ${link}: there is no such file`
  if (anchor === undefined || listHeadings(readText(path)).map(toAnchor).includes(anchor)) return undefined
  return `${file}: ${link}: there is no such heading`
}

/** A path is written from the root of the project, or from the folder of the document. */
const isThere = (file: string, path: string): boolean =>
  existsSync(join(PROJECT, path)) || existsSync(join(PROJECT, dirname(file), path))

describe('the documents', () => {
  it('exist', () => {
    expect(DOCUMENTS).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/design.md', 'docs/deploy.md']),
    )
  })

  it.each(DOCUMENTS)('%s links to files and headings that exist', file => {
    const links = findAll(readText(file), /\]\(([^)]+)\)/g).filter(link => !/^https?:/.test(link))
    expect(links.flatMap(link => linkFault(file, link) ?? [])).toEqual([])
  })

  it.each(DOCUMENTS)('%s names npm scripts that exist', file => {
    const named = findAll(readText(file), /npm run ([\w-]+)/g)
    expect(named.filter(script => !Object.hasOwn(scripts, script))).toEqual([])
  })

  it.each(DOCUMENTS)('%s names files and folders of the project that exist', file => {
    const text = readText(file)
    const inCode = readBlocks(text).flatMap(block => findAll(block.text, /(?:^|\s)(test\/[\w./-]+)/g))
    const inWords = findAll(text, /`((?:shared|functions|infra|test|docs)\/[\w./-]*)`/g)
    expect([...inWords, ...inCode].filter(path => !isThere(file, path))).toEqual([])
  })

  it('can all be reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const file of reached) {
      for (const link of findAll(readText(file), /\]\(([^)#]+\.md)(?:#[^)]*)?\)/g))
        if (!/^https?:/.test(link)) reached.add(join(dirname(file), link))
    }
    const unreached = DOCUMENTS.filter(file => file.startsWith('docs/') && !reached.has(file))
    expect(unreached).toEqual([])
  })
})

describe('the table of settings', () => {
  it('has every setting, and no other', () => {
    const [, table = ''] = readText('docs/deploy.md').split('\n## Settings\n')
    const [rows = ''] = table.split('\n## ')
    expect(findAll(rows, /^\| `(\w+)` \|/gm)).toEqual(Object.keys(parseSettings({})))
  })
})
