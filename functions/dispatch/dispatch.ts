import { computePace } from '../../shared/domain/tick/pace.ts'
import { createCensus } from './census.ts'
import { workOnPage } from './page-work.ts'
import { dispatchSegments } from './segments.ts'
import { createTick, type DispatchPorts, type Tick, type TickOptions, throwUndone } from './tick.ts'

/**
 * One tick: publishes a CollectionDue event for every task that is due, and does what a run, an update or a deletion
 * left undone. A table of more than one page is worked through in segments. Returns the tick if this invocation has
 * finished it. If some of it fails, the rest is done and `onEnd` is called before it throws.
 */
export async function dispatch(ports: DispatchPorts, options: TickOptions = {}): Promise<Tick | undefined> {
  const { clock, tasks } = ports
  const { onEnd = () => {}, quietLookMs = 0, tickMs = clock.now() } = options
  const startedMs = clock.now()
  const found = await tasks.scan()
  if (found.last) return dispatchSegments(ports, { ...options, tickMs })
  const perSecond = computePace(found.tasks.length)
  const { counts, failures } = await workOnPage(ports, found.tasks, { quietLookMs, perSecond })
  const census = createCensus()
  census.add(found.tasks, clock.now())
  const tick = createTick(counts, census.read(), clock.now() - startedMs)
  onEnd(tick)
  throwUndone(failures)
  return tick
}
