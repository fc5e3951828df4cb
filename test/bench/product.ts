import type { Api } from '../../shared/contract/apis.ts'
import { COLLECTION_DUE } from '../../shared/contract/events.ts'
import { startDeployedSystem } from '../deployed/deployed-system.ts'
import type { BusEvent } from '../deployed/emulator/event-bus.ts'
import type { LambdaProcess } from '../deployed/lambda-process.ts'
import { describeSource, FAST_CLOCK, startAdmin } from './admin-client.ts'

export interface Product {
  /** Creates a source for an account, and returns what the bus has for collect. */
  register(baseUrl: string, apis: readonly Api[]): Promise<readonly BusEvent[]>
  startCollect(): Promise<LambdaProcess>
  /** How many calls the functions have made, by service and operation. */
  readonly calls: ReadonlyMap<string, number>
  /** What the template gives collect. */
  readonly collectMemoryMb: number
  close(): Promise<void>
}

/** Starts the bundles that would be deployed, over an emulator that forgets what is put into the lake. */
export async function startProduct(): Promise<Product> {
  const system = await startDeployedSystem({ keepsBodies: false })
  const admin = await startAdmin(system)
  let names = 0
  return {
    async register(baseUrl, apis) {
      names++
      const collector = { collectorType: 'Hosted', name: `Bench ${names}` }
      const collectorId = await admin.create('collectors', { collector })
      await admin.create(`collectors/${collectorId}/sources`, describeSource('Bench', baseUrl, apis))
      return system.emulator.bus.take().filter(event => event['detail-type'] === COLLECTION_DUE)
    },
    calls: system.emulator.calls,
    collectMemoryMb: system.functions.find(({ name }) => name === 'collect')?.memoryMb ?? Number.NaN,
    startCollect: () => system.start('collect', FAST_CLOCK),
    async close() {
      if (system.emulator.unknown.length > 0) throw new Error(system.emulator.unknown.join('\n'))
      await system.close()
    },
  }
}
