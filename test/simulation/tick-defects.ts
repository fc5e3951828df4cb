import type { DispatchPorts } from '../../functions/dispatch/tick.ts'
import type { SegmentProgress } from '../../shared/domain/tick/segment.ts'
import { type Defect, type Hunt, replacing } from './defect.ts'

const withSaved =
  (change: (progress: SegmentProgress) => SegmentProgress) =>
  (ports: DispatchPorts): DispatchPorts => ({
    ...ports,
    ticks: replacing(ports.ticks, { save: progress => ports.ticks.save(change(progress)) }),
  })

/** The first page of a segment is taken for all of it. */
const firstPageOnly: Defect = {
  dispatch: ports => {
    const { scan } = ports.tasks
    return {
      ...ports,
      tasks: replacing(ports.tasks, {
        async scan(place) {
          const page = await scan(place)
          return place?.segment === undefined ? page : { tasks: page.tasks }
        },
      }),
    }
  },
}

/** Every later tick finds each segment finished. */
const finishedForEver: Defect = {
  dispatch: withSaved(progress => ({ ...progress, tickMs: Number.MAX_SAFE_INTEGER })),
}

/** In a third of the worlds ticks work through the table in segments. */
export const TICK_HUNTS: Readonly<Record<string, Hunt>> = {
  'a tick that takes the first page of a segment for all of it': {
    defect: firstPageOnly,
    faults: [],
    within: 9,
    breaks: /nothing is lost/,
  },
  'segments that every later tick takes for finished': {
    defect: finishedForEver,
    faults: [],
    within: 9,
    breaks: /nothing is lost/,
  },
}
