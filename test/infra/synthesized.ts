import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll } from 'vitest'
import { CollectionStack } from '../../infra/collection-stack.ts'
import { parseSettings } from '../../infra/settings.ts'

type Context = Readonly<Record<string, unknown>>

const outDirs: string[] = []
afterAll(() => {
  for (const directory of outDirs) rmSync(directory, { recursive: true, force: true })
})

const featureFlags: Context = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'),
).context

/** The stack under the flags of cdk.json, without bundling. Its output is removed when the test file ends. */
export function stackWith(context: Context = {}, { validated = false } = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'infra-test-'))
  outDirs.push(outdir)
  const settings = parseSettings(context)
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: validated,
    outdir,
    context: { ...featureFlags, ...context, 'aws:cdk:bundling-stacks': [] },
  })
  return { app, stack: new CollectionStack(app, settings.stackName, { settings }) }
}

export const templateWith = (context: Context = {}): Template => Template.fromStack(stackWith(context).stack)
