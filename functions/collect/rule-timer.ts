import { RULES_MS } from '../../shared/contract/timing.ts'
import { createFailure } from '../../shared/domain/failure/failure.ts'
import type { CompiledRule } from '../../shared/domain/rule/compiled-rules.ts'
import type { Clock } from '../../shared/ports.ts'

/** Watches how long the rules take for a page. */
export interface RuleTimer {
  /** To be called whenever work on a rule begins or goes on. Throws RunFailure if the rules have taken too long. */
  onStep(rule: CompiledRule): void
  /** To be called after each event. Lets requests that are under way proceed, now and then. */
  afterEvent(): Promise<void>
}

/** For so long the rules keep the whole CPU. */
const SLICE_MS = 100

export function createRuleTimer(clock: Clock): RuleTimer {
  const spentMs = new Map<string, number>()
  let atMs = clock.now()
  let pausedMs = atMs
  let at: string | undefined
  const untilMs = atMs + RULES_MS

  function findSlowest(): string {
    const [slowest = ['', 0]] = [...spentMs].sort(([, a], [, b]) => b - a)
    return slowest[0]
  }

  /** Books the time since the last step. */
  function book(name: string | undefined): void {
    const nowMs = clock.now()
    if (at !== undefined) spentMs.set(at, (spentMs.get(at) ?? 0) + nowMs - atMs)
    atMs = nowMs
    at = name
    if (nowMs > untilMs)
      throw createFailure({ kind: 'rules-slow', rule: findSlowest(), seconds: RULES_MS / 1000 })
  }

  return {
    onStep: rule => book(rule.name),
    async afterEvent() {
      book(undefined)
      if (atMs - pausedMs < SLICE_MS) return
      await clock.giveWay()
      pausedMs = atMs = clock.now()
    },
  }
}
