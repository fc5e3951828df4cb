import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { inspect } from 'node:util'
import { NotReady, readyAccount } from './remote-account.ts'
import { makeResources, type Runs, removeResources } from './remote-resources.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const VITEST = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/remote/vitest.config.ts']
const INTERRUPTED = 130

let suites: ChildProcess | undefined
let interrupted = false

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Ends the suites. What was made is removed in any case, so a second signal only waits. */
function interrupt(signal: NodeJS.Signals): void {
  interrupted = true
  suites?.kill(signal)
  say('Interrupted: removing what was made. This takes some seconds.')
}

/** Runs the suites against the resources of a run. Returns the exit code. */
async function runSuites(run: string, filters: readonly string[]): Promise<number> {
  if (interrupted) return INTERRUPTED
  suites = spawn(process.execPath, [...VITEST, ...filters], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, REMOTE_RUN: run },
  })
  const [code] = await once(suites, 'close')
  return interrupted ? INTERRUPTED : (code ?? 1)
}

async function cleanUp(runs: Runs): Promise<void> {
  const removed = await removeResources(runs)
  say(`Removed ${removed.length}: ${removed.join(', ')}`)
}

async function testRemotely(prefix: string, filters: readonly string[]): Promise<number> {
  const runId = randomBytes(6).toString('hex')
  const run = `${prefix}-${runId}`
  say(`Making tables, a bucket, a bus and a secret named ${run}…`)
  try {
    await makeResources(run)
    say(`Made ${run}.`)
    return await runSuites(run, filters)
  } finally {
    await cleanUp({ prefix, runId })
  }
}

/** `npm run test:remote`, with names of suites or `--clean`. See docs/remote-tests.md. */
async function main(args: readonly string[]): Promise<number> {
  const { prefix } = await readyAccount(process.env)
  if (!args.includes('--clean')) return testRemotely(prefix, args)
  await cleanUp({ prefix })
  return 0
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const isNotReady = error instanceof NotReady
  process.stderr.write(`${isNotReady ? `test:remote: ${error.message}` : inspect(error)}\n`)
  process.exitCode = isNotReady ? 2 : 1
}
