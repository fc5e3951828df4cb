import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { PAGE_FOLDER, PAGE_INDEX, type PageIndex } from '../../shared/contract/page-files.ts'

interface Deployed {
  readonly Type: string
  readonly Properties: { readonly Environment: { readonly Variables: Record<string, unknown> } }
  readonly Metadata: Record<string, string>
}

const project = join(import.meta.dirname, '../..')
const outDir = mkdtempSync(join(tmpdir(), 'infra-bundles-'))
afterAll(() => rmSync(outDir, { recursive: true, force: true }))

function synthesized(): Deployed[] {
  const { context } = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8'))
  execFileSync(process.execPath, [join(project, 'infra/app.ts')], {
    env: {
      ...process.env,
      CDK_OUTDIR: outDir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:enable-asset-metadata': true }),
      CDK_VALIDATION: 'false',
    },
    stdio: 'pipe',
  })
  const template = JSON.parse(readFileSync(join(outDir, 'OnePasswordSource.template.json'), 'utf8'))
  return Object.values<Deployed>(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function')
}

describe('the bundles', () => {
  let functions: Deployed[]
  beforeAll(() => {
    functions = synthesized()
  })

  const folder = ({ Metadata }: Deployed) => join(outDir, Metadata['aws:asset:path'] ?? '')

  it('hold the code and its source map, that of admin the page too, and nothing else', () => {
    expect(
      functions.map(each => readdirSync(folder(each)).sort()).sort((a, b) => b.length - a.length),
    ).toEqual([
      ['console', 'index.mjs', 'index.mjs.map'],
      ['index.mjs', 'index.mjs.map'],
      ['index.mjs', 'index.mjs.map'],
    ])
  })

  describe('of admin', () => {
    const page = () =>
      join(functions.map(folder).find(each => existsSync(join(each, PAGE_FOLDER))) ?? '', PAGE_FOLDER)
    const index = (): PageIndex => JSON.parse(readFileSync(join(page(), PAGE_INDEX), 'utf8'))
    const read = (file: string): Buffer => readFileSync(join(page(), file))

    it('has the page, its script, style and icon, each in three forms that say the same', () => {
      const paths = Object.keys(index())
      expect(paths.map(path => path.replace(/-[0-9a-f]{12}/, '')).sort()).toEqual([
        '/',
        '/assets/icon.svg',
        '/assets/main.css',
        '/assets/main.js',
      ])
      for (const { file, digest } of Object.values(index())) {
        const content = read(file)
        expect(createHash('sha256').update(content).digest('hex').slice(0, 32)).toBe(digest)
        expect(brotliDecompressSync(read(`${file}.br`)).equals(content)).toBe(true)
        expect(gunzipSync(read(`${file}.gz`)).equals(content)).toBe(true)
      }
    })

    it('names only files that are there, and none of another server', () => {
      const html = read('index.html').toString()
      const named = Array.from(html.matchAll(/(?:src|href)="([^"]+)"/g), ([, path]) => `/${path}`)
      expect(named.sort()).toEqual(Object.keys(index()).slice(1).sort())
      expect(html).not.toMatch(/style=|<style|<script>|onclick|https?:/)
    })

    it('has a script and a style of together at most 60 kB, compressed', () => {
      const files = Object.values(index()).filter(({ file }) => /\.(?:js|css)$/.test(file))
      expect(files.reduce((sum, { file }) => sum + read(`${file}.br`).length, 0)).toBeLessThan(60_000)
    })
  })

  it('load with only the variables of the template, and export a handler', () => {
    for (const each of functions) {
      const names = Object.keys(each.Properties.Environment.Variables).filter(name => name !== 'NODE_OPTIONS')
      const env = {
        ...Object.fromEntries(names.map(name => [name, name])),
        ALLOWED_HOSTS: '[]',
        PAGE_SIZE: '1',
        ADMIN_AUTH: 'basic',
        AWS_REGION: 'eu-west-1',
      }
      const load = "import('./index.mjs').then(bundle => process.stdout.write(typeof bundle.handler))"
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', load], {
        cwd: folder(each),
        env,
        encoding: 'utf8',
      })
      expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' })
    }
  })
})
