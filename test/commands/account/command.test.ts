import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startAccount } from '../../../infra/local/account/account.ts'
import { openKeptDestination } from '../../../infra/local/destination/kept-destination.ts'
import { temporaryDirectory } from '../../support/folders.ts'

const MAIN = fileURLToPath(new URL('../../../infra/commands/account/main.ts', import.meta.url))

interface Command {
  readonly child: ChildProcess
  output(): string
}

function command(...args: string[]): Command {
  const child = spawn(process.execPath, [MAIN, ...args])
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  const add = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  return { child, output: () => output }
}

async function ended({ child, output }: Command): Promise<[number, string]> {
  const [code] = await once(child, 'close')
  return [code, output()]
}

it('prints its URL and token, serves, can be switched, and ends on Ctrl-C', async () => {
  const running = command('--port', '0', '--days', '1')
  while (!running.output().includes('Ctrl-C')) await once(running.child.stdout ?? running.child, 'data')
  const [, url = '', token = ''] = /Events API\s+(\S+)\s+Token\s+(\S+)/.exec(running.output()) ?? []
  const post = () =>
    fetch(`${url}/api/v2/itemusages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{}',
    })
  expect((await post()).status).toBe(200)
  const switching = /curl -X PUT (\S+) -d '([^']+)'/.exec(running.output())
  const body = switching?.[2]?.replace('auditevents', 'itemusages') ?? ''
  expect((await fetch(switching?.[1] ?? '', { method: 'PUT', body })).status).toBe(200)
  expect((await post()).status).toBe(500)
  running.child.kill('SIGINT')
  expect((await ended(running))[0]).toBe(0)
})

it('switches a simulated destination of a data directory', async () => {
  const { path: data, remove } = temporaryDirectory()
  onTestFinished(remove)
  const mode = ['mode', '503', '--destination', 'sumologic', '--data', data]
  expect(await ended(command(...mode))).toEqual([2, expect.stringContaining('--destination sumologic first')])
  const destination = await openKeptDestination(data, 'sumologic')
  onTestFinished(() => destination.close())
  expect(await ended(command(...mode))).toEqual([0, expect.stringContaining('is now in mode 503')])
  const shown = (await (await fetch(`${destination.controlUrl}/control`)).json()) as { mode: string }
  expect(shown.mode).toBe('503')
  const [code, output] = await ended(command(...mode, '--feature', 'auditevents'))
  expect([code, output]).toEqual([2, expect.stringContaining('--feature belongs to the account')])
})

it('switches an account that runs, at a URL or of a data directory', async () => {
  const { path: data, remove } = temporaryDirectory()
  onTestFinished(remove)
  const account = await startAccount({ seed: '1', days: 1, clock: Date })
  onTestFinished(() => account.close())
  writeFileSync(join(data, 'account.json'), JSON.stringify({ port: account.port }))
  const fetchStatus = async (feature: string) =>
    (
      await fetch(`${account.url}/api/v2/${feature}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${account.token}` },
        body: '{}',
      })
    ).status
  const [code, said] = await ended(command('mode', '503', '--feature', 'auditevents', '--data', data))
  expect([code, said]).toEqual([0, expect.stringContaining('now in mode 503 for auditevents')])
  expect([await fetchStatus('auditevents'), await fetchStatus('itemusages')]).toEqual([503, 200])
  await ended(command('mode', 'ok', '--url', account.url))
  expect(await fetchStatus('auditevents')).toBe(200)
})

it.each([
  [['mode'], 'One mode follows'],
  [['mode', 'fast', '--url', 'ACCOUNT'], 'mode must be one of'],
  [['mode', '503', '--data', '/nowhere'], 'run npm start first'],
  [['mode', '503', '--url', 'http://127.0.0.1:9'], 'No simulated account answers'],
])('says what is wrong with %j', async (args, text) => {
  const account = await startAccount({ seed: '1', days: 1, clock: Date })
  onTestFinished(() => account.close())
  const [code, output] = await ended(command(...args.map(arg => (arg === 'ACCOUNT' ? account.url : arg))))
  expect([code, output]).toEqual([2, expect.stringContaining(text)])
})

it('explains itself', async () => {
  const [code, output] = await ended(command('--help'))
  expect(code).toBe(0)
  for (const word of ['--events-per-day', '--token', '/control/mode', 'refused-cursors-all'])
    expect(output).toContain(word)
})

it('names a wrong option and how to get help', async () => {
  const [code, output] = await ended(command('--prot', '1'))
  expect(code).toBe(2)
  expect(output).toContain('--prot')
  expect(output).toContain('--help')
})

it('says which port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
  })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? String(address.port) : ''
  expect(await ended(command('--port', port))).toEqual([
    1,
    `Port ${port} is taken: choose another with --port.\n`,
  ])
})

it('names the file that it cannot serve', async () => {
  const [code, output] = await ended(command('--port', '0', '--events', '/nowhere/events.json'))
  expect(code).toBe(1)
  expect(output).toContain('/nowhere/events.json')
})
