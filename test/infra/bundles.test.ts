import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

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

  it('hold the code and its source map, and nothing else', () => {
    expect(functions.map(each => readdirSync(folder(each)))).toEqual(
      Array(3).fill(['index.mjs', 'index.mjs.map']),
    )
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
