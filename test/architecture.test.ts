import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findArchitectureFaults, readImports } from './support/architecture.ts'

const ROOT = path.join(import.meta.dirname, '..')

/** Every TypeScript file that is, or could be, committed. */
function projectSources(): Map<string, string> {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', '--', '*.ts', '*.tsx'], {
    cwd: ROOT,
  })
  const files = listed
    .toString('utf8')
    .split('\0')
    .filter(file => file !== '' && existsSync(path.join(ROOT, file)))
  return new Map(files.map(file => [file, readFileSync(path.join(ROOT, file), 'utf8')]))
}

describe('the project', () => {
  it('keeps the directions of its imports and the shape of its files', () => {
    const sources = projectSources()
    expect([...sources.keys()]).toEqual(expect.arrayContaining(['shared/ports.ts', 'infra/app.ts']))
    expect(findArchitectureFaults(sources)).toEqual([])
  })
})

describe('the check', () => {
  const faults = (file: string, ...lines: string[]): string[] =>
    findArchitectureFaults(new Map([[file, `${lines.join('\n')}\n`]]))

  it.each([
    ['shared/contract/limits.ts', "import type { Api } from './apis.ts'"],
    [
      'shared/domain/stream/page.ts',
      "import { X } from '../../contract/limits.ts'\nimport { createHash } from 'node:crypto'",
    ],
    ['shared/ports.ts', "import type { Task } from './domain/task.ts'"],
    ['shared/adapters/lake-bucket.ts', "import type { Lake } from '../ports.ts'\nfetch(new URL('x'))"],
    ['shared/adapters/lake-bucket.ts', "import { S3Client } from '@aws-sdk/client-s3'"],
    ['shared/application/x.ts', "import type { Lake } from '../ports.ts'"],
    ['shared/runtime/x.ts', "import { lakeBucket } from '../adapters/lake-bucket.ts'\nprocess.env"],
    [
      'functions/collect/handler.ts',
      "import middy from '@middy/core'\nimport { collect } from './collect.ts'",
    ],
    ['functions/admin/sources/get.ts', "import { http } from '../http.ts'"],
    ['infra/app.ts', "import { App } from 'aws-cdk-lib'\nimport { X } from '../shared/contract/timing.ts'"],
    ['functions/admin/console/x.tsx', "import { render } from 'preact'\nimport './x.css'\nfetch('/')"],
    [
      'infra/local/account/control-client.ts',
      "import { APIS } from '../../../shared/contract/apis.ts'\nfetch('x')",
    ],
    [
      'infra/commands/access-key/main.ts',
      "import { S3Client } from '@aws-sdk/client-s3'\nimport { startStage } from '../../local/stage.ts'",
    ],
    ['infra/local/stage.ts', "import { startEmulator } from 'aws-emulator'"],
    [
      'infra/local/aws/s3/s3.ts',
      "import { rm } from 'node:fs/promises'\nimport { x } from './xml.ts'\nfetch('x')",
    ],
    [
      'infra/local/aws/test/s3/s3.test.ts',
      "import { S3Client } from '@aws-sdk/client-s3'\nimport { x } from '../../s3/s3.ts'",
    ],
    ['test/unit/x.test.ts', "import { S3Client } from '@aws-sdk/client-s3'\nfetch('x')"],
    ['test/contract/x.test.ts', "import { startGateway } from 'aws-emulator'"],
    ['functions/collect/drain.ts', 'await prefetch(run)\nrun.fetch(1)\nnew Date(0)'],
  ])('has nothing against %s with %j', (file, text) => {
    expect(faults(file, text)).toEqual([])
  })

  it.each([
    ['shared/contract/limits.ts', "import { X } from '../domain/page.ts'"],
    ['shared/contract/limits.ts', "import { createHash } from 'node:crypto'"],
    ['shared/domain/stream/page.ts', "import type { Lake } from '../../ports.ts'"],
    ['shared/domain/stream/page.ts', "import { readFile } from 'node:fs/promises'"],
    ['shared/domain/stream/page.ts', "import { S3Client } from '@aws-sdk/client-s3'"],
    ['shared/domain/stream/page.ts', 'const now = Date.now()'],
    ['shared/domain/stream/page.ts', 'const now = new Date()'],
    ['shared/domain/stream/back-off.ts', 'Math.random()'],
    ['shared/ports.ts', "import { lakeBucket } from './adapters/lake-bucket.ts'"],
    ['shared/application/x.ts', "import { lakeBucket } from '../adapters/lake-bucket.ts'"],
    ['shared/adapters/x.ts', "import { readEnvironment } from '../runtime/environment.ts'"],
    ['shared/adapters/x.ts', 'process.env.X'],
    ['shared/runtime/x.ts', "import { collect } from '../../functions/collect/collect.ts'"],
    ['functions/collect/x.ts', "import { lakeBucket } from '../../shared/adapters/lake-bucket.ts'"],
    ['functions/collect/x.ts', "import { adminApi } from '../admin/admin-api.ts'"],
    ['functions/collect/x.ts', "import { S3Client } from '@aws-sdk/client-s3'"],
    ['functions/collect/x.ts', "await fetch('https://events.1password.com')"],
    ['functions/collect/x.ts', 'setTimeout(stop, 1)'],
    ['functions/admin/console/x.tsx', "import { view } from '../openapi/view.ts'"],
    ['functions/admin/router.ts', "import { access } from './console/access.ts'"],
    ['functions/collect/x.ts', "import { render } from 'preact'"],
    ['infra/app.ts', "import { eventLines } from '../shared/domain/stream/event-line.ts'"],
    ['infra/app.ts', "import { handler } from '../functions/collect/handler.ts'"],
    ['infra/app.ts', "import { startStage } from './local/stage.ts'"],
    ['infra/local/stage.ts', "import { parseSettings } from '../settings.ts'"],
    ['infra/local/stage.ts', "const { handler } = await import('../../functions/collect/handler.ts')"],
    ['infra/local/stage.ts', "import { App } from 'aws-cdk-lib'"],
    ['infra/local/stage.ts', "import 'constructs'"],
    ['infra/local/stage.ts', "import { rotate } from '../commands/access-key/rotate.ts'"],
    ['infra/local/stage.ts', "import { startEmulator } from './aws/emulator.ts'"],
    ['test/contract/x.test.ts', "import { startGateway } from '../../infra/local/aws/emulator.ts'"],
    ['infra/local/aws/s3/s3.ts', "import { APIS } from '../../../../shared/contract/apis.ts'"],
    ['infra/local/aws/s3/s3.ts', "import { startStage } from '../../stage.ts'"],
    ['infra/local/aws/s3/s3.ts', "import { S3Client } from '@aws-sdk/client-s3'"],
    ['infra/local/aws/s3/s3.ts', "import { test } from 'vitest'"],
    ['infra/local/aws/test/s3/s3.test.ts', "import { x } from '../../../../../test/support/folders.ts'"],
    ['infra/local/aws/test/s3/s3.test.ts', "import { startEmulator } from 'aws-emulator'"],
    ['infra/app.ts', "import { startEmulator } from 'aws-emulator'"],
    ['functions/collect/x.ts', "import { startEmulator } from 'aws-emulator'"],
    ['infra/commands/access-key/main.ts', "import { App } from 'aws-cdk-lib'"],
    ['infra/commands/access-key/main.ts', "import { adminApi } from '../../../functions/admin/admin-api.ts'"],
    ['infra/commands/access-key/main.ts', 'Date.now()'],
    ['infra/local/stage.ts', "import { S3Client } from '@aws-sdk/client-s3'"],
    ['functions/collect/x.ts', "export { collect } from '../../test/support/collect-world.ts'"],
    ['shared/domain/index.ts', ''],
    ['shared/utils/text.ts', ''],
    ['functions/admin/helpers.ts', ''],
    ['test/support/common.ts', ''],
    ['scripts/x.ts', ''],
  ])('finds fault with %s with %j', (file, text) => {
    expect(faults(file, text)).not.toEqual([])
  })

  it('allows a file 300 lines', () => {
    expect(faults('shared/domain/stream/page.ts', ...Array<string>(300).fill(''))).toEqual([])
    expect(faults('shared/domain/stream/page.ts', ...Array<string>(301).fill(''))).toEqual([
      'shared/domain/stream/page.ts has 301 lines',
    ])
  })

  it.each([
    ['two files', { a: 'b', b: 'a' }, ['a -> b -> a']],
    ['a file with itself', { a: 'a' }, ['a -> a']],
    ['three files that are reached over a fourth', { d: 'a', a: 'b', b: 'c', c: 'a' }, ['a -> b -> c -> a']],
    ['nobody', { a: 'b c', b: 'd', c: 'd', d: '' }, []],
    ['two pairs', { a: 'b', b: 'a c', c: 'd', d: 'c' }, ['a -> b -> a', 'c -> d -> c']],
  ])('finds circles of imports: %s', (_, imported, circles) => {
    const file = (name: string): string => `shared/domain/task/${name}.ts`
    const sources = Object.entries(imported).map(([name, others]) => {
      const lines = others.split(' ').filter(other => other !== '')
      return [file(name), lines.map(other => `import type { T } from './${other}.ts'\n`).join('')] as const
    })
    const paths = circles.map(circle => circle.split(' -> ').map(file).join(' -> '))
    expect(findArchitectureFaults(new Map(sources))).toEqual(paths.map(each => `circle of imports: ${each}`))
  })

  it('reads imports over lines, of types, of side effects, at run time and again exported', () => {
    const text = [
      "import {\n  a,\n  b,\n} from './a.ts'",
      'import type { T } from "../t.ts"',
      "import 'side'",
      "await import('./late.ts')",
      "export { x } from './x.ts'",
    ].join('\n')
    expect(readImports('shared/domain/stream/page.ts', text)).toEqual([
      'shared/domain/stream/a.ts',
      'shared/domain/t.ts',
      'side',
      'shared/domain/stream/late.ts',
      'shared/domain/stream/x.ts',
    ])
  })
})
