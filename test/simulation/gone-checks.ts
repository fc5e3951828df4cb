import type { TaskAddress } from '../../shared/contract/events.ts'
import type { RunReport } from '../../shared/contract/log-messages.ts'
import type { Source } from '../../shared/domain/source/source.ts'
import type { Stores } from './stores.ts'
import type { Verdict } from './verdict.ts'

/** Returns the source, if it is to be collected by this API. */
function findCollected({ registry }: Stores, address: TaskAddress): Source | undefined {
  const { collectorId, sourceId, api } = address
  const source = registry.stored.sources.get(`${collectorId}/${sourceId}`)
  return source && !source.stopping && source.apis.includes(api) ? source : undefined
}

/** To be called when a run begins. Returns what is to be called with its report. */
export const createGoneChecks =
  (stores: Stores, verdict: Verdict) =>
  (address: TaskAddress): ((report: RunReport) => void) => {
    const before = findCollected(stores, address)
    return ({ outcome }) => {
      const after = findCollected(stores, address)
      if (outcome !== 'gone' || !before || before.version !== after?.version) return
      verdict.broken('a source that is there is not taken for gone', `${address.sourceId}/${address.api}`)
    }
  }
