import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../../../infra/command-line/options.ts'
import { refuseUnreadableFiles } from '../../../infra/local/event-file-check.ts'
import { HELP } from '../../../infra/local/help.ts'
import { OPTIONS } from '../../../infra/local/option-table.ts'
import { parseOptions } from '../../../infra/local/options.ts'
import { temporaryFolder } from '../../support/folders.ts'

const parse = (line: string, realAccount = false) =>
  parseOptions(line.split(' ').filter(Boolean), realAccount)

test('has a default for everything', () => {
  expect(parse('')).toEqual({
    help: false,
    once: false,
    dataDir: '.local',
    port: 8787,
    speed: 1,
    eventFiles: [],
    account: true,
  })
})

test('reads every option', () => {
  const line =
    '--once --data there --port 0 --speed 2.5 --seed abc --days 120 --access-id me --access-key=k:e=y'
  expect(parse(line)).toEqual({
    help: false,
    once: true,
    dataDir: 'there',
    port: 0,
    speed: 2.5,
    seed: 'abc',
    days: 120,
    eventFiles: [],
    account: true,
    access: { accessId: 'me', accessKey: 'k:e=y' },
  })
  expect(parse('--no-account').account).toBe(false)
  expect(parse('--destination sumologic').destination).toBe('sumologic')
  expect(parse('--help').help).toBe(true)
})

test('takes every file after --events', () => {
  expect(parse('--events one.json two.ndjson --once three.json').eventFiles).toEqual([
    'one.json',
    'two.ndjson',
    'three.json',
  ])
})

test.each([
  ['--prot 1', '--prot is no option; the options are --once, --data,'],
  ['-x', '-x is no option'],
  ['--destination moon', '--destination must be one of sumologic, not moon'],
  ['stray', 'stray is no option: files follow --events'],
  ['--port', '--port wants PORT after it'],
  ['--data --port 0', '--data wants DIR after it, not --port; if that is meant, write --data=--port'],
  ['--events --data there', '--events wants FILE… after it, not --data'],
  ['--seed -- x', '--seed wants SEED after it, not --'],
  ['--once=yes', '--once takes no value, so not yes'],
  ['--port 70000', '--port must be a whole number from 0 to 65535, not 70000'],
  ['--port 1.5', '--port must be a whole number'],
  ['--speed 0', '--speed must be a number from 0.01 to 1000, not 0'],
  ['--speed fast', '--speed must be a number'],
  ['--days 121', '--days must be a whole number from 1 to 120, not 121'],
  ['--access-id me', '--access-key must be given with --access-id'],
  ['--access-key k', '--access-id must be given with --access-key'],
  ['--access-id a:b --access-key k', 'hold no colon'],
  ['--seed 1 --events f', '--seed belongs to a made-up history'],
  ['--no-account --days 3', '--days belongs to the simulated account: leave out --days or --no-account.'],
])('refuses `%s` by name', (line, reason) => {
  expect(() => parse(line)).toThrow(UsageError)
  expect(() => parse(line)).toThrow(reason)
})

test('takes no option as the value of another option, but takes any value after =', () => {
  expect(() => parse('--data --port 70000')).toThrow('--port must be a whole number')
  expect(() => parse('--data --port 0')).not.toThrow('no option')
  expect(parse('--data=--port --seed -1')).toMatchObject({ dataDir: '--port', seed: '-1' })
})

test('refuses files of events that cannot be read, each with its path and what to do', async () => {
  const folder = temporaryFolder()
  const missing = join(folder, 'missing.json')
  const good = join(folder, 'good.json')
  writeFileSync(good, '')
  await refuseUnreadableFiles([good])
  const refused = refuseUnreadableFiles([good, missing, folder])
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow(
    `--events: ${missing} cannot be read, there is no such file: name files of events, or leave it out.\n` +
      `--events: ${folder} cannot be read, it is a directory: name files of events, or leave it out.`,
  )
})

test('refuses options of the simulated account beside the token of a real one', () => {
  expect(() => parse('--seed 1', true)).toThrow('leave it out, or unset OP_EVENTS_TOKEN')
  expect(parse('--once', true).once).toBe(true)
})

test('reports all faults together', () => {
  const lines = (() => {
    try {
      parse('--port x --speed y --nothing')
      return []
    } catch (error) {
      return (error as Error).message.split('\n')
    }
  })()
  expect(lines.map(line => line.split(' ')[0])).toEqual(['--nothing', '--port', '--speed'])
})

test('help explains every option and every npm script', async () => {
  for (const name of Object.keys(OPTIONS)) expect(HELP).toContain(`--${name}`)
  const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } })
  for (const script of ['start', 'account', 'synth', 'test', 'check']) {
    expect(manifest.scripts).toHaveProperty(script)
    expect(HELP).toMatch(new RegExp(`npm (run )?${script}\\b`))
  }
})
