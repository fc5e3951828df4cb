import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DOCUMENTS, listHeadings, PROJECT, projectFiles, readText } from './guide.ts'

/** This file names what it forbids. */
const SELF = 'test/docs/citations.test.ts'
const SOURCES = projectFiles('*.ts', '*.mjs', '*.js').filter(file => file !== SELF)

/** A document with one or more of its headings: docs/design.md, "Glossary". */
const CITATION = /([\w./-]+\.md)((?:(?:,| and) "[^"]+")+)/g

/** Words that once stood for documents outside of this repository. */
const OUTSIDE = /\u00a7|\bDESIGN\b|(?<!docs\/)reference\/(?:sumo-api|events-api)\b|\bstyle\.md\b/

interface Citation {
  readonly document: string
  readonly headings: readonly string[]
}

/** A citation may be wrapped over two lines of a comment. */
const unwrapped = (text: string): string => text.replaceAll(/\n[ \t]*(?:\*|\/\/)?[ \t]*/g, ' ')

function findCitations(text: string): Citation[] {
  return Array.from(unwrapped(text).matchAll(CITATION), ([, document = '', quoted = '']) => ({
    document,
    headings: Array.from(quoted.matchAll(/"([^"]+)"/g), ([, heading = '']) => heading),
  }))
}

/** Returns a sentence for each thing that is wrong with a citation. */
function citationFaults({ document, headings }: Citation): string[] {
  if (!existsSync(join(PROJECT, document))) return [`there is no ${document}`]
  const known = listHeadings(readText(document))
  return headings.filter(heading => !known.includes(heading)).map(name => `${document} has no "${name}"`)
}

const findFaults = (file: string): string[] =>
  findCitations(readText(file))
    .flatMap(citationFaults)
    .map(fault => `${file}: ${fault}`)

describe('a citation', () => {
  it('names a document and a heading that exist, in code', () => {
    expect(SOURCES.flatMap(findFaults)).toEqual([])
  })

  it('names a document and a heading that exist, in documents', () => {
    expect(DOCUMENTS.flatMap(findFaults)).toEqual([])
  })

  it('names a document in this repository', () => {
    expect(SOURCES.filter(file => OUTSIDE.test(readText(file)))).toEqual([])
  })

  it('is found even if it spans lines, with all its headings', () => {
    const comment = '/**\n   * Limits (docs/a.md, "One",\n   * "Two" and "Three").\n   */'
    expect(findCitations(comment)).toEqual([{ document: 'docs/a.md', headings: ['One', 'Two', 'Three'] }])
    expect(findCitations('// See docs/a.md, "Retry\n  // machine".')).toEqual([
      { document: 'docs/a.md', headings: ['Retry machine'] },
    ])
  })

  it('is a fault if its document or heading is missing', () => {
    expect(citationFaults({ document: 'docs/none.md', headings: ['Glossary'] })).toHaveLength(1)
    expect(citationFaults({ document: 'docs/design.md', headings: ['Glossary', 'None'] })).toHaveLength(1)
  })
})
