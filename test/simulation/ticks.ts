import { TICK_MINUTES } from '../../shared/contract/timing.ts'
import type { Functions } from './functions.ts'
import type { Surroundings } from './process.ts'

const TICK_MS = TICK_MINUTES * 60_000

/** Starts the schedule: a tick every five minutes, if no fault of the schedule strikes. */
export function startTicks({ timeline, trace, plan, random }: Surroundings, functions: Functions): void {
  const tickAt = (ms: number) => (): void => {
    const time = `${new Date(ms).toISOString().slice(0, 19)}Z`
    functions.invokeLater('dispatch', {
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      time,
      detail: {},
    })
  }
  function beat(): void {
    timeline.after(TICK_MS, beat)
    if (plan.strikes('ticks-lost')) {
      trace.note('tick', 'is lost')
      return
    }
    const tick = tickAt(timeline.now())
    timeline.after(plan.strikes('ticks-delayed') ? plan.random('ticks-delayed').integer(TICK_MS) : 0, tick)
    if (plan.strikes('ticks-doubled')) timeline.after(plan.random('ticks-doubled').integer(TICK_MS), tick)
  }
  timeline.after(random.integer(TICK_MS), beat)
}
