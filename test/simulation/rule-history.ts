import type { Source } from '../../shared/domain/source/source.ts'
import type { FakeRegistry } from '../support/fakes/registry.ts'
import type { AccountEvent } from './history.ts'
import { isDroppedBy, type RuleSet } from './rule-sets.ts'

/** Which processing rules each source had, and when. */
export interface RuleHistory {
  /** All sets of rules that a run may have used that delivers at this time. */
  inForce(sourceId: number, nowMs: number): readonly RuleSet[]
  /** Whether a run that has read the event at any time could have dropped it. */
  mayDrop(sourceId: number, event: AccountEvent): boolean
  /** All sets of rules that the source ever had. What is handed over may be hours old. */
  everOf(sourceId: number): readonly RuleSet[]
  /** Whether the source ever had rules. */
  hasHad(sourceId: number): boolean
}

interface Period {
  readonly fromMs: number
  toMs: number
  readonly rules: RuleSet
}

/** A run keeps the rules that it has begun with for its four minutes. Its last put may take effect a little later. */
const RUN_MS = 10 * 60_000

export function watchRules(
  registry: FakeRegistry,
  now: () => number,
  /** Puts may take effect long after their run has ended. */
  hasLatePuts: boolean,
): RuleHistory {
  const periods = new Map<number, Period[]>()
  const { putSource, replaceSource } = registry

  function note({ id, filters = [] }: Source): void {
    const known = periods.get(id) ?? []
    periods.set(id, known)
    const last = known.at(-1)
    if (last && JSON.stringify(last.rules) === JSON.stringify(filters)) return
    if (last) last.toMs = now()
    known.push({ fromMs: now(), toMs: Number.POSITIVE_INFINITY, rules: filters })
  }

  Object.assign(registry, {
    async putSource(source: Source) {
      await putSource(source)
      const stored = registry.stored.sources.get(`${source.collectorId}/${source.id}`)
      if (stored) note(stored)
    },
    async replaceSource(source: Source, version: number) {
      const isReplaced = await replaceSource(source, version)
      if (isReplaced) note(source)
      return isReplaced
    },
  })
  const listPeriods = (sourceId: number): readonly Period[] => periods.get(sourceId) ?? []
  const late = hasLatePuts ? Number.POSITIVE_INFINITY : RUN_MS

  return {
    inForce: (sourceId, nowMs) =>
      listPeriods(sourceId)
        .filter(({ toMs }) => toMs + late >= nowMs)
        .map(({ rules }) => rules),
    mayDrop: (sourceId, event) =>
      listPeriods(sourceId).some(
        ({ toMs, rules }) => toMs + late >= event.visibleMs && isDroppedBy(event, rules),
      ),
    everOf: sourceId => listPeriods(sourceId).map(({ rules }) => rules),
    hasHad: sourceId => listPeriods(sourceId).some(({ rules }) => rules.length > 0),
  }
}
