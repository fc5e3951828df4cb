import type { Deployment, RuleResource } from '../template/model.ts'
import { compilePattern } from './pattern.ts'
import type { EventEnvelope } from './put-events.ts'

interface Bus {
  /** Delivers the events to the targets of every rule whose pattern they match. */
  putEvents(busName: string, envelopes: readonly EventEnvelope[]): void
}

type Deliver = (rule: RuleResource, envelope: EventEnvelope) => void

/** Creates all buses with their rules. Throws an error that names the rule if a pattern is not understood. */
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
