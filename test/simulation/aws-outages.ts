import { type Random, randomFrom } from '../../infra/local/account/random.ts'
import type { FaultPlan } from './fault-plan.ts'

/** Times in which all calls to an AWS service fail. */
export interface AwsOutages {
  /** Returns whether the service of this call is down. */
  isDown(label: string, nowMs: number): boolean
}

export interface OutageOptions {
  readonly seed: string
  readonly plan: FaultPlan
  readonly fromMs: number
  readonly quietMs: number
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Ports that share a service are down together. */
const SERVICES: readonly RegExp[] = [
  /^(?:tasks|registry|health)\./,
  /^tasks\./,
  /^health\./,
  /^lake\./,
  /^token/,
  /^bus\./,
]

/** Returns a duration from seconds to hours: some are shorter than the 90 minutes of an episode, and some are longer. */
export function outageMs(random: Random): number {
  const [least, most] = random.pick([
    [0.1, 3],
    [3, 80],
    [95, 240],
  ] as const)
  return (least + random.fraction() * (most - least)) * MINUTE_MS
}

export function createAwsOutages({ seed, plan, fromMs, quietMs }: OutageOptions): AwsOutages {
  const random = randomFrom(seed, 'aws outages')
  const days = (quietMs - fromMs) / DAY_MS
  const count = plan.active.has('aws-outages') ? Math.ceil(random.pick([0.5, 2, 5]) * days) : 0
  const outages = Array.from({ length: count }, () => {
    plan.count('aws-outages')
    const beginMs = fromMs + random.fraction() * (quietMs - fromMs)
    const endMs = Math.min(beginMs + outageMs(random), quietMs)
    return { service: random.pick(SERVICES), beginMs, endMs }
  })
  return {
    isDown: (label, nowMs) =>
      outages.some(({ service, beginMs, endMs }) => beginMs <= nowMs && nowMs < endMs && service.test(label)),
  }
}
