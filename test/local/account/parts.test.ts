import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOptions } from '../../../infra/commands/account/options.ts'
import {
  epochMs,
  instantAt,
  parseInstant,
  shiftInstant,
} from '../../../infra/local/account/events-api/instant.ts'
import { writeWithWhiteSpace } from '../../../infra/local/account/events-api/json-text.ts'

const times = fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })

describe('an instant', () => {
  it('has the same text for the same time, whatever zone and decimals it was written with', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -839, max: 839 }), (time, minutes) => {
        const wall = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, -1)
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
        const zone = `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
        expect(parseInstant(wall + zone)).toBe(instantAt(time.getTime()))
        expect(parseInstant(`${wall}000${zone}`)).toBe(instantAt(time.getTime()))
      }),
    )
  })

  it('sorts by time, finer than milliseconds', () => {
    const texts = ['00Z', '00.000000001Z', '00.0000001Z', '00.1Z', '00.10000001Z', '01Z']
    const instants = texts.map(text => parseInstant(`2025-11-05T12:00:${text}`) ?? '')
    expect([...instants].sort()).toEqual(instants)
    expect(new Set(instants).size).toBe(6)
  })

  it('keeps its finest digits when it is moved', () => {
    expect(shiftInstant('2025-11-05T23:59:59.999123456', 1)).toBe('2025-11-06T00:00:00.000123456')
    fc.assert(
      fc.property(times, fc.integer(), (time, ms) => {
        expect(epochMs(shiftInstant(instantAt(time.getTime()), ms))).toBe(time.getTime() + ms)
      }),
    )
  })

  it.each([
    '2025-11-05',
    '2025-11-05 12:00:00Z',
    '2025-11-05T24:00:00Z',
    '2025-11-05T12:00:60Z',
    '2025-02-29T00:00:00Z',
    '2025-11-05T12:00:00+24:00',
    '0000-01-01T00:00:00+01:00',
    '',
  ])('is not "%s"', text => expect(parseInstant(text)).toBeUndefined())
})

it('white space between tokens changes no token', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = JSON.stringify(value)
      expect(JSON.stringify(JSON.parse(writeWithWhiteSpace(text)))).toBe(text)
    }),
  )
})

describe('the command line', () => {
  it('has its defaults', () => {
    expect(readOptions([])).toEqual({ port: 8788, seed: '1', days: 30, eventFiles: [], help: false })
  })

  it('takes every option, and several files after --events', () => {
    const argv = '--port 0 --seed s --days 120 --events-per-day 9 --token t --events a b --events c'.split(
      ' ',
    )
    expect(readOptions(argv)).toEqual({
      port: 0,
      seed: 's',
      days: 120,
      eventsPerDay: 9,
      token: 't',
      eventFiles: ['a', 'c', 'b'],
      help: false,
    })
  })

  it.each([
    ['--port x', '--port must be a whole number from 0 to 65535, not "x"'],
    ['--port 65536', '--port must be'],
    ['--days 121', '--days must be a whole number from 0 to 120'],
    ['--days 1.5', '--days must be'],
    ['--events-per-day -1', '--events-per-day'],
    ['--speed 2', '--speed'],
    ['file.json', '"file.json" belongs to no option'],
    ['--token=', '--token must not be empty'],
  ])('is told what is wrong with %s', (line, fault) => {
    expect(() => readOptions(line.split(' '))).toThrow(fault)
  })
})
