import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { synthesize } from '../../infra/local/synthesize.ts'

const APP = `
import { mkdirSync, writeFileSync } from 'node:fs'
const context = JSON.parse(process.env.CDK_CONTEXT_JSON)
if (context.wrong) { console.error('wrong is not a setting'); process.exit(1) }
mkdirSync(process.env.CDK_OUTDIR, { recursive: true })
writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', JSON.stringify(context))
`

async function project(): Promise<{ root: string; outDir: string }> {
  const root = await mkdtemp(path.join(tmpdir(), 'project-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const folder of ['infra/local', 'functions', 'shared'])
    await mkdir(path.join(root, folder), { recursive: true })
  await writeFile(path.join(root, 'cdk.json'), JSON.stringify({ context: { '@aws-cdk/flag': true } }))
  await writeFile(path.join(root, 'package-lock.json'), '{}')
  await writeFile(path.join(root, 'infra/app.ts'), APP)
  return { root, outDir: path.join(root, '.assembly') }
}

test('synthesizes once for the same inputs and again for others', async () => {
  const { root, outDir } = await project()
  const first = await synthesize({ root, outDir, context: { a: 1 } })

  await writeFile(path.join(root, 'infra/local/stage.ts'), 'not part of the template')
  expect(await synthesize({ root, outDir, context: { a: 1 } })).toBe(first)
  expect(await synthesize({ root, outDir, context: { a: 2 } })).not.toBe(first)
  await writeFile(path.join(root, 'shared/new.ts'), '')
  expect(await synthesize({ root, outDir, context: { a: 1 } })).not.toBe(first)
})

test('gives the app the context of cdk.json and its own', async () => {
  const { root, outDir } = await project()

  const folder = await synthesize({ root, outDir, context: { a: ['b'] } })

  const { default: context } = await import(path.join(folder, 'manifest.json'), { with: { type: 'json' } })
  expect(context).toMatchObject({ '@aws-cdk/flag': true, a: ['b'] })
})

test('lets processes that start together share one assembly', async () => {
  const { root, outDir } = await project()

  const folders = await Promise.all([1, 2, 3].map(() => synthesize({ root, outDir, context: {} })))

  expect(new Set(folders).size).toBe(1)
  expect(await readdir(outDir)).toHaveLength(1)
})

test('fails with what the app wrote, and leaves nothing behind', async () => {
  const { root, outDir } = await project()

  await expect(synthesize({ root, outDir, context: { wrong: true } })).rejects.toThrow(
    'wrong is not a setting',
  )

  expect(await readdir(outDir)).toEqual([])
})
