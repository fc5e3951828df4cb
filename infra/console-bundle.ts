import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { PAGE_FOLDER, PAGE_INDEX, type PageFile } from '../shared/contract/page-files.ts'

/*
 * Builds the page of the admin URL into the bundle of the function: node infra/console-bundle.ts FOLDER. Script, style and
 * images are named after their content, so that browsers may keep them. Each file is also stored compressed.
 */

const SOURCE = join(import.meta.dirname, '..', 'functions', 'admin', 'console')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Browsers of 2024: they know light-dark(), nesting and modules. */
const BROWSERS = ['chrome123', 'firefox120', 'safari17.5']

interface Built {
  /** Its name in the source, e.g. main.js. */
  readonly name: string
  readonly content: Buffer
}

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 32)

/** e.g. assets/main-0123456789ab.js */
const toAssetName = ({ name, content }: Built): string =>
  `assets/${basename(name, extname(name))}-${digest(content).slice(0, 12)}${extname(name)}`

async function buildAssets(): Promise<readonly Built[]> {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCE, 'main.tsx')],
    outdir: SOURCE,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: BROWSERS,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  })
  const icon = { name: 'icon.svg', content: await readFile(join(SOURCE, 'icon.svg')) }
  const made = outputFiles.map(({ path, contents }) => ({
    name: basename(path),
    content: Buffer.from(contents),
  }))
  return [...made, icon]
}

/** Puts the names of the assets into the page. Throws if it names one that there is none of. */
async function buildPage(assets: readonly Built[]): Promise<Built> {
  const html = await readFile(join(SOURCE, 'index.html'), 'utf8')
  const named = html.replaceAll(/\{\{(.+?)\}\}/g, (_, name) => {
    const asset = assets.find(each => each.name === name)
    if (!asset) throw new Error(`index.html names ${name}, which is not built`)
    return toAssetName(asset)
  })
  return { name: 'index.html', content: Buffer.from(named) }
}

const brotli = (content: Buffer): Buffer =>
  brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  })

async function writeCompressed(folder: string, file: string, content: Buffer): Promise<void> {
  const path = join(folder, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  await writeFile(`${path}.br`, brotli(content))
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }))
}

async function buildConsole(folder: string): Promise<void> {
  const assets = await buildAssets()
  const page = await buildPage(assets)
  const files = [
    { path: '/', file: page.name, built: page },
    ...assets.map(built => ({ path: `/${toAssetName(built)}`, file: toAssetName(built), built })),
  ]
  const index: Record<string, PageFile> = {}
  for (const { path, file, built } of files) {
    await writeCompressed(folder, file, built.content)
    index[path] = { file, type: TYPES[extname(file)] ?? '', digest: digest(built.content) }
  }
  await writeFile(join(folder, PAGE_INDEX), `${JSON.stringify(index)}\n`)
}

const [, , bundle] = process.argv
if (bundle === undefined) throw new Error('Say the folder of the bundle.')
await buildConsole(join(bundle, PAGE_FOLDER))
