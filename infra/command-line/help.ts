import type { OptionTable } from './options.ts'

/** A line that starts the command, and what it does if the command can do more than one thing. */
interface Usage {
  readonly line: string
  readonly text?: string
}

interface HelpSection {
  readonly title: string
  /** Explanations by name. A '' explains nothing. */
  readonly rows: Readonly<Record<string, string>>
}

/** All texts are wrapped. A line break in a text stays. */
interface HelpContent {
  /** One sentence that says what the command is for. */
  readonly purpose: string
  readonly usages: readonly Usage[]
  readonly options: OptionTable
  readonly sections?: readonly HelpSection[]
  /** Paragraphs at the end. */
  readonly notes?: readonly string[]
}

const WIDTH = 100

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const wrap = (text: string, indent: number): string =>
  text
    .split('\n')
    .flatMap(line => wrapLine(line, WIDTH - indent))
    .join(`\n${' '.repeat(indent)}`)

function formatRows(rows: Readonly<Record<string, string>>): string {
  const names = Object.keys(rows)
  const indent = Math.max(...names.map(name => name.length)) + 4
  return names
    .map(name => `  ${name.padEnd(indent - 2)}${wrap(rows[name] ?? '', indent)}`.trimEnd())
    .join('\n')
}

const formatSection = ({ title, rows }: HelpSection): string => `${title}\n${formatRows(rows)}`

const formatUsage = ({ line, text }: Usage): string =>
  text === undefined ? `  ${line}` : `  ${line}\n      ${wrap(text, 6)}`

function optionRows(options: OptionTable): Record<string, string> {
  const rows = Object.entries(options).map(([name, { value, text }]) => [
    value === undefined ? `--${name}` : `--${name} ${value}`,
    text,
  ])
  return Object.fromEntries(rows)
}

/** Writes the text of `--help`. All commands have the same layout. */
export function formatHelp({ purpose, usages, options, sections = [], notes = [] }: HelpContent): string {
  const hasTexts = usages.some(({ text }) => text !== undefined)
  const blocks = [
    wrap(purpose, 0),
    usages.map(formatUsage).join(hasTexts ? '\n\n' : '\n'),
    formatSection({ title: 'Options', rows: optionRows(options) }),
    ...sections.map(formatSection),
    ...notes.map(note => wrap(note, 0)),
  ]
  return `${blocks.join('\n\n')}\n`
}
