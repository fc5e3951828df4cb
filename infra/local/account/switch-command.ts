import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readJson } from 'aws-emulator'
import { WrongOption } from './options.ts'

const OPTIONS = {
  feature: { type: 'string' },
  url: { type: 'string' },
  data: { type: 'string' },
} as const

const DEFAULT_DATA_DIR = '.local'

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new WrongOption(error instanceof Error ? error.message : String(error))
  }
}

/** Of the account that `npm start` runs on a data directory, which keeps its port there. */
function accountUrl(dataDir: string): string {
  const kept = readJson<{ readonly port: number }>(join(dataDir, 'account.json'))
  if (kept) return `http://127.0.0.1:${kept.port}`
  throw new WrongOption(
    `${dataDir} holds no simulated account: run npm start first, or name the account with --url.`,
  )
}

async function put(url: string, body: object): Promise<Response> {
  try {
    return await fetch(`${url}/control/mode`, { method: 'PUT', body: JSON.stringify(body) })
  } catch {
    throw new WrongOption(`No simulated account answers at ${url}: is it running?`)
  }
}

/** `npm run account -- mode MODE`: switches an account that runs. Answers what to say. Throws WrongOption. */
export async function switchMode(argv: readonly string[]): Promise<string> {
  const { values, positionals } = parsed(argv)
  const [mode, ...others] = positionals
  if (mode === undefined || others.length > 0) {
    throw new WrongOption('One mode follows "mode", for example: npm run account -- mode 503')
  }
  const { feature, data = DEFAULT_DATA_DIR, url = accountUrl(data) } = values
  const answer = await put(url, { mode, ...(feature !== undefined && { feature }) })
  if (answer.ok) return `The account at ${url} is now in mode ${mode} for ${feature ?? 'everything'}.`
  const { error } = (await answer.json()) as { readonly error?: string }
  throw new WrongOption(`${error ?? `The account answered ${answer.status}`}.`)
}
