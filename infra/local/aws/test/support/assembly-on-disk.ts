import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

type Resources = Readonly<Record<string, { readonly Type: string; readonly [attribute: string]: unknown }>>

/** A cloud assembly with one stack of these resources and one asset, `code.zip`. */
export async function writeAssembly(resources: Resources, sections: object = {}): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assembly-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const artifacts = {
    Stack: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Stack.template.json' } },
    'Stack.assets': { type: 'cdk:asset-manifest', properties: { file: 'Stack.assets.json' } },
  }
  const files = {
    code: { source: { path: 'asset.code' }, destinations: { here: { objectKey: 'code.zip' } } },
  }
  await mkdir(path.join(folder, 'asset.code'))
  const write = (name: string, content: object) => writeFile(path.join(folder, name), JSON.stringify(content))
  await write('manifest.json', { artifacts })
  await write('Stack.assets.json', { files })
  await write('Stack.template.json', { ...sections, Resources: resources })
  return folder
}
