import { API_NAMES } from '../../shared/contract/apis.ts'
import type { DeployedSystem } from '../deployed/deployed-system.ts'
import { type AdminClient, describeSource, startAdmin } from './admin-client.ts'
import { cpuShare } from './cpu-share.ts'
import { medianBy, rounded, table } from './statistics.ts'

/** What a list of the management API needs. */
export interface ListResult {
  readonly list: string
  readonly kilobytes: number
  readonly ms: number
  readonly cpuMs: number
  /** The CPU with the share of a core that the template's memory gives the function. */
  readonly cpuMsAsDeployed: number
}

const SOURCES = 1000
const ROUNDS = 5

async function createSources(admin: AdminClient): Promise<number> {
  const collector = { collectorType: 'Hosted', name: 'Bench' }
  const id = await admin.create('collectors', { collector })
  for (let n = 0; n < SOURCES; n++)
    await admin.create(
      `collectors/${id}/sources`,
      describeSource(`Source ${n}`, 'http://127.0.0.1', API_NAMES),
    )
  return id
}

async function measureList(admin: AdminClient, list: string, share: number): Promise<ListResult> {
  const measured: { readonly ms: number; readonly cpuMs: number; readonly bytes: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = admin.process.usage().cpuSeconds
    const started = performance.now()
    const { body } = await admin.call('GET', list, 200)
    const cpuMs = (admin.process.usage().cpuSeconds - before) * 1000
    measured.push({ ms: performance.now() - started, cpuMs, bytes: Buffer.byteLength(body) })
  }
  const cpuMs = medianBy(measured, one => one.cpuMs)
  return {
    list: list.replace(/\d+/, '{id}'),
    kilobytes: Math.round(medianBy(measured, one => one.bytes) / 1024),
    ms: Math.round(medianBy(measured, one => one.ms)),
    cpuMs: rounded(cpuMs),
    cpuMsAsDeployed: Math.round(cpuMs / share),
  }
}

/** Measures the lists with many sources of all APIs in one collector. */
export async function measureLists(system: DeployedSystem): Promise<ListResult[]> {
  const memoryMb = system.functions.find(({ name }) => name === 'admin')?.memoryMb ?? Number.NaN
  const admin = await startAdmin(system)
  const id = await createSources(admin)
  const measured: ListResult[] = []
  for (const list of [
    'collectors',
    `collectors/${id}/sources?limit=100`,
    `collectors/${id}/sources`,
    'healthEvents',
  ])
    measured.push(await measureList(admin, list, cpuShare(memoryMb)))
  return measured
}

export const listsTable = (measured: readonly ListResult[]): string =>
  table(
    [`lists with ${SOURCES} sources`, 'KB', 'ms', 'CPU ms', 'CPU ms as deployed'],
    measured.map(({ list, kilobytes, ms, cpuMs, cpuMsAsDeployed }) => [
      list,
      kilobytes,
      ms,
      cpuMs,
      cpuMsAsDeployed,
    ]),
  )
