import { coldStarts, coldStartTable } from '../deployed/cold-start.ts'
import { type DeployedSystem, startDeployedSystem } from '../deployed/deployed-system.ts'
import { dispatchTable, measureDispatch } from './dispatch.ts'
import { DRAINS, type DrainResult, drainTable, measureDrain } from './drain.ts'
import { idleTable, measureIdle } from './idle.ts'
import { listsTable, measureLists } from './lists.ts'
import { measurePageWork, pageWorkTable } from './page-work.ts'
import { type Product, startProduct } from './product.ts'

/** One measurement: its name, what it returns, and how a person reads that. */
interface Bench<T> {
  measure(): Promise<T>
  show(measured: T): string
}

async function withProduct<T>(measure: (product: Product) => Promise<T>): Promise<T> {
  const product = await startProduct()
  try {
    return await measure(product)
  } finally {
    await product.close()
  }
}

async function measureDrains(product: Product): Promise<DrainResult[]> {
  const results: DrainResult[] = []
  for (const each of DRAINS) results.push(await measureDrain(product, each))
  return results
}

async function withSystem<T>(measure: (system: DeployedSystem) => Promise<T>): Promise<T> {
  const system = await startDeployedSystem()
  try {
    return await measure(system)
  } finally {
    await system.close()
  }
}

const bench = <T>(measure: () => Promise<T> | T, show: (measured: T) => string): Bench<T> => ({
  measure: async () => measure(),
  show,
})

const BENCHES = {
  page: bench(measurePageWork, pageWorkTable),
  drain: bench(() => withProduct(measureDrains), drainTable),
  cold: bench(() => withSystem(coldStarts), coldStartTable),
  idle: bench(() => withProduct(measureIdle), idleTable),
  dispatch: bench(() => withSystem(measureDispatch), dispatchTable),
  lists: bench(() => withSystem(measureLists), listsTable),
} as const

const HELP = `npm run bench                  every measurement, as tables
npm run bench -- --json        the same, as one JSON object
npm run bench -- drain cold    some of them: ${Object.keys(BENCHES).join(', ')}

docs/performance.md explains the figures.
`

async function run(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) return console.log(HELP)
  const isJson = argv.includes('--json')
  const named = argv.filter(word => !word.startsWith('--'))
  const found: Record<string, unknown> = {}
  for (const [name, { measure, show }] of Object.entries(BENCHES) as [string, Bench<unknown>][]) {
    if (named.length > 0 && !named.includes(name)) continue
    found[name] = await measure()
    if (!isJson) console.log(show(found[name]))
  }
  if (isJson) console.log(JSON.stringify(found, undefined, 2))
}

await run(process.argv.slice(2))
