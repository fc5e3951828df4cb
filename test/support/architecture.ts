import path from 'node:path'
import { findImportCircles } from './import-circles.ts'

/** The texts of source files, by their paths from the root. */
export type Sources = ReadonlyMap<string, string>

interface Layer {
  readonly name: string
  /** How the paths of its files begin. */
  readonly at: string
  /** Other layers that it may import. */
  readonly imports: readonly string[]
  /** How the names of packages begin that it may import. */
  readonly packages: readonly string[]
}

const LAMBDA = ['@middy/', '@aws-lambda-powertools/', 'aws-lambda']

/** A file belongs to the first layer that matches its path. */
const LAYERS: readonly Layer[] = [
  { name: 'contract', at: 'shared/contract/', imports: [], packages: [] },
  { name: 'domain', at: 'shared/domain/', imports: ['contract'], packages: ['node:crypto', 'node:buffer'] },
  { name: 'ports', at: 'shared/ports.ts', imports: ['contract', 'domain', 'ports'], packages: [] },
  { name: 'ports', at: 'shared/destination-ports.ts', imports: ['contract', 'domain'], packages: [] },
  {
    name: 'application',
    at: 'shared/application/',
    imports: ['contract', 'domain', 'ports'],
    packages: ['node:'],
  },
  {
    name: 'adapters',
    at: 'shared/adapters/',
    imports: ['contract', 'domain', 'ports'],
    packages: ['node:', '@aws-sdk/', 're2js'],
  },
  {
    name: 'runtime',
    at: 'shared/runtime/',
    imports: ['contract', 'domain', 'ports', 'adapters'],
    packages: ['node:', '@aws-sdk/', ...LAMBDA],
  },
  {
    // The page of the admin URL. It runs in browsers, and is built by itself.
    name: 'page',
    at: 'functions/admin/console/',
    imports: ['contract', 'domain'],
    packages: ['preact', '@preact/signals'],
  },
  {
    name: 'functions',
    at: 'functions/',
    imports: ['contract', 'domain', 'ports', 'application', 'runtime'],
    packages: ['node:', ...LAMBDA],
  },
  // How a command reads its options and prints its help.
  { name: 'command line', at: 'infra/command-line/', imports: [], packages: ['node:'] },
  {
    // Commands for operators. They use what is deployed, or the local stage.
    name: 'commands',
    at: 'infra/commands/',
    imports: ['contract', 'domain', 'ports', 'adapters', 'local stage', 'command line'],
    packages: ['node:', '@aws-sdk/', '@smithy/', 'aws-emulator'],
  },
  {
    name: 'emulator tests',
    at: 'infra/local/aws/test/',
    imports: ['emulator'],
    packages: ['node:', '@aws-sdk/', 'vitest', 'fast-check'],
  },
  {
    // A package of its own, which knows nothing of the product. Everybody else imports it by its name.
    name: 'emulator',
    at: 'infra/local/aws/',
    imports: [],
    packages: ['node:', 'dynalite', 'aws-local-stepfunctions'],
  },
  {
    name: 'local stage',
    at: 'infra/local/',
    imports: ['contract', 'command line'],
    packages: ['node:', 'aws-emulator'],
  },
  {
    name: 'infra',
    at: 'infra/',
    imports: ['contract'],
    packages: ['node:', 'aws-cdk-lib', 'constructs', 'esbuild'],
  },
]

interface Restriction {
  readonly pattern: RegExp
  readonly what: string
  readonly only: readonly string[]
}

const OUTSIDE = ['page', 'local stage', 'emulator', 'emulator tests', 'infra']

/** What only some layers may do. The others use the ports, or get the value from their caller. */
const RESTRICTIONS: readonly Restriction[] = [
  {
    pattern: /(?<![.\w])fetch\(/,
    what: 'calls fetch',
    only: ['adapters', 'page', 'local stage', 'emulator', 'emulator tests'],
  },
  { pattern: /\bDate\.now\(|\bnew Date\(\)/, what: 'reads the clock', only: ['adapters', ...OUTSIDE] },
  { pattern: /\bMath\.random\(/, what: 'throws dice', only: ['adapters', ...OUTSIDE] },
  { pattern: /\bset(?:Timeout|Interval)\(/, what: 'sets a timer', only: ['adapters', ...OUTSIDE] },
  { pattern: /\bprocess\.env\b/, what: 'reads the environment', only: ['runtime', ...OUTSIDE] },
]

const MAX_LINES = 300
const NAMELESS = /^(?:index|utils?|helpers?|common|misc|shared-?utils)$/
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"\s]+)['"]/g

const isTest = (file: string): boolean => file.startsWith('test/') || /^[^/]+$/.test(file)

const findLayer = (file: string): Layer | undefined => LAYERS.find(({ at }) => file.startsWith(at))

/** Returns what a source file imports: files by path from the root, packages by name. */
export function readImports(file: string, text: string): string[] {
  const named = Array.from(text.matchAll(IMPORT), ([, specifier = '']) => specifier)
  return named.map(name => (name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name))
}

const isFile = (imported: string): boolean => /\.(?:tsx?|css)$/.test(imported)

const findFunction = (file: string): string | undefined => /^functions\/[^/]+\//.exec(file)?.[0]

function allowsFile(layer: Layer, file: string, imported: string): boolean {
  const other = findLayer(imported)
  if (other === layer) return findFunction(file) === findFunction(imported)
  return other !== undefined && layer.imports.includes(other.name)
}

const allowsPackage = (layer: Layer, name: string): boolean =>
  layer.packages.some(start => name.startsWith(start))

function findImportFaults(file: string, text: string, layer: Layer): string[] {
  const forbidden = readImports(file, text).filter(imported =>
    isFile(imported) ? !allowsFile(layer, file, imported) : !allowsPackage(layer, imported),
  )
  return forbidden.map(imported => `${file} (${layer.name}) imports ${imported}`)
}

const findRestrictionFaults = (file: string, text: string, layer: Layer): string[] =>
  RESTRICTIONS.filter(({ pattern, only }) => pattern.test(text) && !only.includes(layer.name)).map(
    ({ what }) => `${file} (${layer.name}) ${what}`,
  )

function findShapeFaults(file: string, text: string): string[] {
  const lines = text.split('\n').length - 1
  const nameless = file.split('/').some(part => NAMELESS.test(part.replace(/(?:\.test)?(?:\.d)?\.tsx?$/, '')))
  return [
    ...(lines > MAX_LINES ? [`${file} has ${lines} lines`] : []),
    ...(nameless ? [`${file} is not named after what it owns`] : []),
  ]
}

const EMULATOR = 'infra/local/aws/'

/** Files of the emulator that somebody outside imports by their path, although the package has one entry. */
function findPathFaults(file: string, text: string): string[] {
  if (file.startsWith(EMULATOR)) return []
  const inside = readImports(file, text).filter(imported => imported.startsWith(EMULATOR))
  return inside.map(imported => `${file} imports ${imported}, not aws-emulator`)
}

function findFaults(file: string, text: string): string[] {
  const shape = [...findShapeFaults(file, text), ...findPathFaults(file, text)]
  if (isTest(file)) return shape
  const layer = findLayer(file)
  if (!layer) return [...shape, `${file} belongs to no layer`]
  return [...shape, ...findImportFaults(file, text, layer), ...findRestrictionFaults(file, text, layer)]
}

function findCircleFaults(sources: Sources): string[] {
  const imports = new Map([...sources].map(([file, text]) => [file, readImports(file, text)]))
  return findImportCircles(imports).map(circle => `circle of imports: ${circle.join(' -> ')}`)
}

/** Returns a sentence for each import in a wrong direction, each circle of imports and each file of a wrong shape. */
export const findArchitectureFaults = (sources: Sources): string[] => [
  ...[...sources].flatMap(([file, text]) => findFaults(file, text)),
  ...findCircleFaults(sources),
]
