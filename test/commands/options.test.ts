import { describe, expect, it } from 'vitest'
import { formatHelp } from '../../infra/command-line/help.ts'
import { HELP_OPTION, parseOptions, readNumber, refuseWords } from '../../infra/command-line/options.ts'

const TABLE = {
  data: { value: 'DIR', text: 'Where all is kept.' },
  file: { value: 'FILE', many: true, text: 'What is read.' },
  json: { text: 'Print one JSON object.' },
  help: HELP_OPTION,
} as const

const parse = (line: string) => parseOptions(line.split(' ').filter(Boolean), TABLE)

function readFaults(line: string): string[] {
  const { words, faults } = parse(line)
  refuseWords(words, faults)
  try {
    faults.throwIfAny()
  } catch (error) {
    expect(error).toMatchObject({ name: 'UsageError' })
    return (error as Error).message.split('\n')
  }
  return []
}

describe('the options of a command', () => {
  it('are undefined, empty or false if they are not given', () => {
    expect(parse('')).toMatchObject({
      values: { data: undefined, file: [], json: false, help: false },
      words: [],
    })
  })

  it('have the values and words that are given; the last value of an option counts', () => {
    expect(parse('one --data a --file x --json --file=y --data b two -h')).toMatchObject({
      values: { data: 'b', file: ['x', 'y'], json: true, help: true },
      words: ['one', 'two'],
    })
    expect(parse('--data=--json').values.data).toBe('--json')
  })

  it.each([
    [
      '--dat a',
      ['--dat is no option; the options are --data, --file, --json, --help.', '"a" belongs to no option.'],
    ],
    ['-x', ['-x is no option; the options are --data, --file, --json, --help.']],
    ['--data', ['--data wants DIR after it.']],
    ['--data --json', ['--data wants DIR after it, not --json; if that is meant, write --data=--json.']],
    ['--json=yes', ['--json takes no value, so not yes.']],
    ['stray words', ['"stray words" belongs to no option.']],
    ['--json', []],
  ])('refuses %s, with a sentence for each fault', (line, sentences) => {
    expect(readFaults(line)).toEqual(sentences)
  })

  it('can be numbers within bounds', () => {
    const { faults } = parse('')
    const bounds = { min: 1, max: 10 }
    expect(readNumber('n', '10', bounds, faults)).toBe(10)
    expect(readNumber('n', '0.5', { min: 0, kind: 'a number of hours' }, faults)).toBe(0.5)
    faults.throwIfAny()
    for (const text of ['', '0', '11', '1.5', '-1', '1e1', 'x'])
      expect(readNumber('n', text, bounds, faults)).toBeUndefined()
    expect(readNumber('n', '0', { min: 1 }, faults)).toBeUndefined()
    expect(() => faults.throwIfAny()).toThrow(/^--n must be a whole number from 1 to 10, not ""\.\n.*not "0"/)
    expect(() => faults.throwIfAny()).toThrow(/\n--n must be a whole number from 1 on, not "0"\.$/)
  })
})

it('help has a line for each option, wrapped and aligned', () => {
  const text = 'word '.repeat(30).trim()
  const help = formatHelp({
    purpose: 'Does something.',
    usages: [{ line: 'npm run something -- [options]' }],
    options: { ...TABLE, json: { text } },
    sections: [{ title: 'Modes', rows: { ok: 'all is well', bad: 'nothing is well\nat all' } }],
    notes: ['That is all.'],
  })
  expect(help).toMatch(
    /^Does something\.\n\n {2}npm run something -- \[options\]\n\nOptions\n {2}--data DIR {3}Where/,
  )
  expect(help).toMatch(/\n {2}--json {7}(?:word )+word\n {15}word/)
  expect(help).toMatch(
    /\n\nModes\n {2}ok {3}all is well\n {2}bad {2}nothing is well\n {7}at all\n\nThat is all\.\n$/,
  )
  expect(Math.max(...help.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
})
