import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A resource as the template has it. */
export interface RawResource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly Metadata?: Readonly<Record<string, unknown>>
}

export interface Template {
  readonly Resources: Readonly<Record<string, RawResource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}

export interface Assembly {
  readonly stackName: string
  readonly template: Template
  /** Absolute folder of the asset that is uploaded under this key, e.g. `<hash>.zip`. */
  assetFolder(objectKey: string): string | undefined
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string
        readonly properties?: {
          readonly templateFile?: string
          readonly file?: string
          readonly stackName?: string
        }
      }
    >
  >
}

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string }
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>
      }
    >
  >
}

/** Reads a cloud assembly. Throws unless it holds exactly one stack. */
export function readAssembly(folder: string): Assembly {
  const artifacts = Object.entries(readJson<Manifest>(folder, 'manifest.json').artifacts)
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack')
  const [stack] = stacks
  if (!stack || stacks.length > 1) {
    throw new Error(
      `The cloud assembly ${folder} holds ${stacks.length} stacks; the local stage runs exactly one`,
    )
  }
  const [artifactId, { properties }] = stack
  const assets = artifacts
    .filter(([, { type }]) => type === 'cdk:asset-manifest')
    .flatMap(([, artifact]) => readAssets(folder, artifact.properties?.file ?? ''))
  const folders = new Map(assets)
  return {
    stackName: properties?.stackName ?? artifactId,
    template: readJson<Template>(folder, properties?.templateFile ?? ''),
    assetFolder: objectKey => folders.get(objectKey),
  }
}

function readAssets(folder: string, file: string): [objectKey: string, assetFolder: string][] {
  return Object.values(readJson<AssetManifest>(folder, file).files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [
      objectKey,
      path.resolve(folder, source.path),
    ]),
  )
}

const readJson = <T>(folder: string, file: string): T =>
  JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as T
