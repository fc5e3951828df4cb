import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const PROJECT = join(import.meta.dirname, '../..')

interface Block {
  readonly language: string
  readonly text: string
}

/** The fenced blocks of a Markdown file, in order. */
export function readBlocks(markdown: string): Block[] {
  return Array.from(markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm), ([, language = '', text = '']) => ({
    language,
    text,
  }))
}

/** Command lines of the shell blocks, each whole though it may be written over several lines. */
export const listCommands = (blocks: readonly Block[]): string[] =>
  blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map(line => line.trim())
    .filter(line => line !== '')

/** Returns the anchor that GitHub makes from a heading. */
export const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')

export const readText = (file: string): string => readFileSync(join(PROJECT, file), 'utf8')

/** Files that are, or could be, committed, by patterns of git. */
export function projectFiles(...patterns: readonly string[]): string[] {
  const args = ['ls-files', '-z', '-co', '--exclude-standard', '--', ...patterns]
  const listed = execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8' })
  return listed.split('\0').filter(file => file !== '' && existsSync(join(PROJECT, file)))
}

/** Every document of the project. */
export const DOCUMENTS: readonly string[] = projectFiles('*.md')

/** Lines that begin with # in a block of code are no headings. */
export const listHeadings = (markdown: string): string[] =>
  Array.from(markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm), ([, name = '']) => name)
