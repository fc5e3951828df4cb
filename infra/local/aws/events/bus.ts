import type { Deployment, RuleResource } from '../template/model.ts'
import { compilePattern } from './pattern.ts'
import type { EventEnvelope } from './put-events.ts'

export interface Bus {
  /** Hands the events to the targets of every rule that they fit. */
  putEvents(busName: string, envelopes: readonly EventEnvelope[]): void
}

type Deliver = (rule: RuleResource, envelope: EventEnvelope) => void

/** The rules of all buses. Throws, naming the rule, for a pattern that cannot be honoured. */
export function createBus(deployment: Pick<Deployment, 'rules'>, deliver: Deliver): Bus {
  const rules = deployment.rules.flatMap(rule => {
    if (!rule.enabled || !rule.pattern) return []
    try {
      return [{ rule, fits: compilePattern(rule.pattern) }]
    } catch (error) {
      throw new Error(`The event pattern of ${rule.logicalId}: ${(error as Error).message}`)
    }
  })
  return {
    putEvents(busName, envelopes) {
      for (const envelope of envelopes) {
        for (const { rule, fits } of rules) {
          if (rule.busName === busName && fits(envelope)) deliver(rule, envelope)
        }
      }
    },
  }
}
