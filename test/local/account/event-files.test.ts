import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startAccount } from '../../../infra/local/account/account.ts'
import { ask, clockAt, DAY_MS, drain, FROM_THE_BEGINNING, NOON, startTestAccount } from './client.ts'

async function written(files: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'account-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const file = join(folder, name)
      await writeFile(file, text)
      return file
    }),
  )
}

/** Events as other programs may write them, but not JSON.stringify. */
const RAW = [
  '{"uuid":"A","timestamp":"2025-11-04T10:00:00Z","item_uuid":"x","used_version":9007199254740993}',
  '{ "timestamp" : "2025-11-04T10:00:00.1Z",\n   "uuid":"B", "item_uuid":"\\u0041\\/\\ud83d\\ude00", "n":1.0, "big":1E400 }',
  '{"uuid":"C","timestamp":"2025-11-04T11:00:00.123456789+01:00","item_uuid":"}]{[,\\"\\\\","x":1,"x":2,"details":null}',
  '{"uuid":"D","timestamp":"2025-11-04T10:00:01Z","item_uuid":"é漢🚲","zero":-0,"unknown":[[],{},[{"a":[]}]]}',
]

const rawItems = (text: string): string => text.slice(text.indexOf('"items":[') + 9, -2)

describe('files of events', () => {
  it('are served token for token as written, from a page with line breaks', async () => {
    const eventFiles = await written({
      'x.json': `{"items" : [\n${RAW.join(' ,\r\n\t')}\n], "cursor":"c","has_more":false}\n`,
    })
    const account = await startTestAccount({ eventFiles })
    const text = await (await ask(account, 'itemusages', FROM_THE_BEGINNING)).text()
    expect(rawItems(text)).toBe([RAW[0], RAW[1], RAW[2], RAW[3]].join(','))
    expect([...account.events('itemusages', '2020-01-01T00:00:00Z')]).toEqual(RAW)
  })

  it.each([
    ['NDJSON', `${RAW.map(raw => raw.replace('\n', '')).join('\n')}\n`],
    ['NDJSON with carriage returns and empty lines', RAW.map(raw => raw.replace('\n', '')).join('\r\n\r\n')],
    ['a byte order mark', `\ufeff${RAW.map(raw => raw.replace('\n', '')).join('\n')}`],
    ['an array', `[${RAW.map(raw => raw.replace('\n', '')).join(',')}]`],
    ['several pages', RAW.map(raw => `{"items":[${raw.replace('\n', '')}]}`).join('\n')],
  ])('may be %s', async (_, text) => {
    const account = await startTestAccount({ eventFiles: await written({ 'x.json': text }) })
    expect([...account.events('itemusages', '2020-01-01T00:00:00Z')]).toEqual(
      RAW.map(raw => raw.replace('\n', '')),
    )
  })

  it('give each event to the stream that its members name, or else the name of the file', async () => {
    const event = (uuid: string, members: string) =>
      `{"uuid":"${uuid}","timestamp":"2025-11-04T10:00:00Z"${members}}`
    const eventFiles = await written({
      'mixed.ndjson': [
        event('S1', ',"target_user":{}'),
        event('S2', ',"session_uuid":"s","category":"success"'),
        event('I1', ',"item_uuid":"i"'),
        event('I2', ',"used_version":0'),
        event('A1', ',"actor_uuid":"a"'),
        event('A2', ',"object_type":"gm"'),
      ].join('\n'),
      'signin-1.json': `{"items":[${event('S3', '')}]}`,
      'itemusages.ndjson': event('I3', ''),
      'audit.ndjson': event('A3', ''),
    })
    const account = await startTestAccount({ eventFiles })
    const uuids = (feature: 'signinattempts' | 'itemusages' | 'auditevents') =>
      [...account.events(feature, '2020-01-01T00:00:00Z')].map(text => JSON.parse(text).uuid)
    expect(uuids('signinattempts')).toEqual(['S1', 'S2', 'S3'])
    expect(uuids('itemusages')).toEqual(['I1', 'I2', 'I3'])
    expect(uuids('auditevents')).toEqual(['A1', 'A2', 'A3'])
  })

  it.each([
    [
      'x.ndjson',
      `${RAW[0]}\n{"uuid":"Z","timestamp":"2025-11-04T10:00:00Z"}`,
      'line 2: neither the event nor',
    ],
    ['item.ndjson', `${RAW[0]}\n\n{"uuid":"Z"}`, 'line 3: the event has no RFC 3339 timestamp'],
    ['item.ndjson', '{"uuid":"Z","timestamp":"yesterday"}', 'line 1: the event has no RFC 3339 timestamp'],
    ['item.ndjson', `${RAW[0]}\n{"uuid":`, 'line 2: not JSON'],
    ['item.ndjson', `${RAW[0]}\nhello`, 'line 2: not JSON'],
    ['item.ndjson', '"text"', 'line 1: an event or a page of events is expected'],
    ['item.json', '{"items":[\n1]}', 'line 2: an event is expected'],
    ['item.json', Buffer.from([0x7b, 0xff]), 'not UTF-8'],
  ])('are refused by file and line: %s with %j', async (name, text, fault) => {
    const [file = ''] = await written({ [name]: text })
    const starting = startAccount({ seed: 1, days: 1, clock: clockAt(), eventFiles: [file] })
    await expect(starting).rejects.toThrow(file)
    await expect(startAccount({ seed: 1, days: 1, clock: clockAt(), eventFiles: [file] })).rejects.toThrow(
      fault,
    )
  })

  it('are refused if one is missing', async () => {
    const starting = startAccount({ seed: 1, days: 1, clock: clockAt(), eventFiles: ['/nowhere/x.json'] })
    await expect(starting).rejects.toThrow('/nowhere/x.json')
  })

  it('are all served, however old, to a request for all that the service keeps; a later start leaves older ones out', async () => {
    const at = (days: number) => new Date(NOON - days * DAY_MS).toISOString()
    const ages = [900, 121, 119, 1]
    const lines = ages.map(days => `{"uuid":"U${days}","timestamp":"${at(days)}","item_uuid":"i"}`)
    const account = await startTestAccount({ eventFiles: await written({ 'x.ndjson': lines.join('\n') }) })
    const read = async (start_time: string) =>
      (await drain(account, 'itemusages', { limit: 1, start_time })).items.map(({ uuid }) => uuid)
    expect(await read(new Date(NOON - 120 * DAY_MS + 3_599_000).toISOString())).toEqual([
      'U900',
      'U121',
      'U119',
      'U1',
    ])
    expect(await read(new Date(NOON - 120 * DAY_MS + 3_601_000).toISOString())).toEqual(['U119', 'U1'])
    expect(await read(at(2))).toEqual(['U1'])
  })

  it('may hold an event twice, or two events of one time: each is served, whatever the limit', async () => {
    const same = Array.from(
      { length: 9 },
      (_, n) => RAW[0]?.replace('"A"', `"${'AAAB!#'.charAt(n % 6)}"`) ?? '',
    )
    const account = await startTestAccount({ eventFiles: await written({ 'x.ndjson': same.join('\n') }) })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10 }), async limit => {
        const { items } = await drain(account, 'itemusages', { ...FROM_THE_BEGINNING, limit })
        expect(items.map(({ uuid }) => uuid)).toEqual([...same.map(text => JSON.parse(text).uuid)].sort())
      }),
      { numRuns: 10 },
    )
  })

  it('keep any JSON as it was written', async () => {
    const spaces = fc.constantFrom('', ' ', '\t', '  ')
    const events = fc.array(fc.tuple(fc.jsonValue(), spaces), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(events, spaces, async (values, space) => {
        const lines = values.map(([value, inner], n) => {
          const time = `2025-11-04T10:00:0${n}Z`
          return `{${inner}"timestamp"${space}:"${time}",${inner}"item_uuid":${space}${JSON.stringify(value)}${inner}}`
        })
        const folder = await mkdtemp(join(tmpdir(), 'account-'))
        await writeFile(join(folder, 'x.json'), `{"items":${space}[${lines.join(`${space},`)}${space}]}`)
        const account = await startAccount({
          seed: 1,
          days: 1,
          clock: clockAt(),
          eventFiles: [join(folder, 'x.json')],
        })
        const texts = [...account.events('itemusages', '2020-01-01T00:00:00Z')]
        await account.close()
        await rm(folder, { recursive: true })
        expect(texts).toEqual(lines)
      }),
      { numRuns: 50 },
    )
  })
})
