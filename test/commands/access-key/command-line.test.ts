import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../../infra/commands/access-key/command-line.ts'

const HOUR_MS = 3600_000

describe('the command line of npm run access-key', () => {
  it.each([
    [['rotate'], { command: 'rotate', place: { dataDir: '.local' }, keepMs: 24 * HOUR_MS }],
    [
      ['rotate', '--keep-old', '0.5', '--data', 'd'],
      { command: 'rotate', place: { dataDir: 'd' }, keepMs: HOUR_MS / 2 },
    ],
    [['rotate', '--keep-old=0', '--secret', 's'], { command: 'rotate', place: { secretId: 's' }, keepMs: 0 }],
    [['show'], { command: 'show', place: { dataDir: '.local' }, reveal: false }],
    [['show', '--reveal', '--secret', 's'], { command: 'show', place: { secretId: 's' }, reveal: true }],
    [['show', '-h'], { command: 'help' }],
  ])('takes %j', (argv, meant) => {
    expect(readCommandLine(argv)).toEqual(meant)
  })

  it.each([
    [[], 'Say rotate or show.'],
    [['turn'], 'Say rotate or show, not turn.'],
    [['rotate', 'now'], '"now" belongs to no option.'],
    [['rotate', '--keep-old', '-1'], '--keep-old'],
    [['rotate', '--keep-old', 'soon'], '--keep-old must be a number of hours from 0 to 8760, not "soon".'],
    [['rotate', '--keep-old', '8761'], '--keep-old must be a number of hours'],
    [['rotate', '--reveal'], '--reveal does not belong to rotate.'],
    [['show', '--keep-old', '1'], '--keep-old does not belong to show.'],
    [['show', '--data', 'x', '--secret', 'y'], 'leave one out'],
    [['show', '--data', ''], 'must not be empty'],
    [['show', '--nothing'], '--nothing'],
  ])('refuses %j', (argv, message) => {
    expect(() => readCommandLine(argv)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
    )
  })
})
