import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

interface SynthesizeOptions {
  /** Folder in which cloud assemblies are kept. */
  readonly outDir: string
  /** CDK context in addition to that of cdk.json. */
  readonly context: Readonly<Record<string, unknown>>
  /** Root of the project; this one by default. */
  readonly root?: string
}

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Files and folders that the assembly is made of, besides the context. */
const INPUTS = ['infra', 'functions', 'shared', 'package-lock.json', 'cdk.json']
const EXCLUDED_INPUT = path.join('infra', 'local')

/**
 * Puts the path of each construct into the template, because data folders are named after constructs. The CDK CLI
 * sets the same context.
 */
const CLI_CONTEXT = { 'aws:cdk:enable-path-metadata': true }

const DAY_MS = 86_400_000

/**
 * Synthesizes infra/app.ts and returns the assembly's folder in `outDir`. The folder's name is a digest of everything
 * that the assembly is made of. If the folder exists, nothing is synthesized. Processes that start at the same time
 * do not disturb each other. Throws an error with what the app wrote to standard error.
 */
export async function synthesize({ outDir, context, root = ROOT }: SynthesizeOptions): Promise<string> {
  const configured = JSON.parse(await readFile(path.join(root, 'cdk.json'), 'utf8')) as { context?: object }
  const contextJson = JSON.stringify({ ...configured.context, ...CLI_CONTEXT, ...context })
  const folder = path.join(outDir, (await computeDigest(root, contextJson)).slice(0, 16))
  if (existsSync(folder)) return folder
  await mkdir(outDir, { recursive: true })
  await removeOutdated(outDir)
  const unfinished = path.join(outDir, `unfinished-${randomUUID()}`)
  try {
    await runApp(root, { CDK_OUTDIR: unfinished, CDK_CONTEXT_JSON: contextJson })
    await rename(unfinished, folder).catch(error => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** Removes old assemblies. Younger ones may belong to another process. */
async function removeOutdated(outDir: string): Promise<void> {
  for (const name of await readdir(outDir)) {
    const folder = path.join(outDir, name)
    // Another process may have removed it meanwhile.
    const entry = await stat(folder).catch(() => undefined)
    if (entry && Date.now() - entry.mtimeMs > DAY_MS) await rm(folder, { recursive: true, force: true })
  }
}

async function runApp(root: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const app = path.join(root, 'infra', 'app.ts')
  try {
    await promisify(execFile)(process.execPath, [app], {
      cwd: root,
      env: { ...process.env, ...variables },
      maxBuffer: 64 * 1024 * 1024,
    })
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    throw new Error(`The template could not be synthesized:\n${stderr || String(error)}`, { cause: error })
  }
}

async function computeDigest(root: string, contextJson: string): Promise<string> {
  const hash = createHash('sha256').update(`${process.version}\n${contextJson}\n`)
  for (const input of INPUTS) {
    for (const file of await findFiles(root, input)) {
      const content = createHash('sha256').update(await readFile(path.join(root, file)))
      hash.update(`${file}\n${content.digest('hex')}\n`)
    }
  }
  return hash.digest('hex')
}

async function findFiles(root: string, input: string): Promise<string[]> {
  if (path.extname(input) !== '') return [input]
  const entries = await readdir(path.join(root, input), { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter(file => !file.startsWith(EXCLUDED_INPUT + path.sep))
    .toSorted()
}
