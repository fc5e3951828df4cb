import { type Pass, type TaskPage, takePage } from '../../shared/domain/tick/pass.ts'
import { claimSegment, movePastPage, type SegmentProgress } from '../../shared/domain/tick/segment.ts'
import { addNumbers } from '../../shared/domain/tick/tick-part.ts'
import { type Census, createCensus } from './census.ts'
import { workOnPage } from './page-work.ts'
import type { DispatchPorts } from './tick.ts'

/** What an invocation knows of the tick that it works for. */
export interface SegmentWork {
  readonly tickMs: number
  /** Names the invocation. */
  readonly writer: string
  readonly quietLookMs: number
  /** How many tasks are published in a second at most. */
  readonly perSecond: number
  /** Whether no further page may be begun. */
  isLate(): boolean
  onFailure(error: unknown): void
}

/** Begins to read a page. If it fails, that counts only when somebody waits for the page. */
function readPage(ports: DispatchPorts, segment: number, { after }: Pass): Promise<TaskPage> {
  const reading = ports.tasks.scan({ segment, after })
  reading.catch(() => {})
  return reading
}

/** Waits until the time has come at which the next page may begin. */
async function keepPace({ clock }: DispatchPorts, dueMs: number): Promise<void> {
  const leftMs = Math.floor(dueMs - clock.now())
  if (leftMs > 0) await clock.sleep(leftMs)
}

interface Step {
  readonly progress: SegmentProgress
  readonly census: Census
  readonly page: TaskPage
}

/** Works on one page while the next one is read. */
async function workOnStep(ports: DispatchPorts, work: SegmentWork, { progress, census, page }: Step) {
  const { tasks, pass } = takePage(progress.pass, page)
  const next = pass.isDone || work.isLate() ? undefined : readPage(ports, progress.segment, pass)
  const beganMs = ports.clock.now()
  const { counts, failures } = await workOnPage(ports, tasks, work)
  for (const failure of failures) work.onFailure(failure)
  census.add(tasks, ports.clock.now())
  const part = { counts: addNumbers(progress.part.counts, counts), census: census.part() }
  const goesOn = next !== undefined && !work.isLate()
  const after = movePastPage(progress, { pass, part, nowMs: ports.clock.now(), goesOn })
  const isSaved = await ports.ticks.save(after)
  await keepPace(ports, beganMs + (tasks.length * 1000) / work.perSecond)
  return { progress: after, next: isSaved && goesOn ? next : undefined }
}

async function workThrough(ports: DispatchPorts, work: SegmentWork, claimed: SegmentProgress): Promise<void> {
  const census = createCensus([claimed.part.census])
  let progress = claimed
  let next: Promise<TaskPage> | undefined = readPage(ports, claimed.segment, claimed.pass)
  while (next) {
    const step = await workOnStep(ports, work, { progress, census, page: await next })
    progress = step.progress
    next = step.next
  }
}

/**
 * Works on the pages of one segment, until its end or until the time is up. If another invocation works on the segment, or
 * the store of progress fails, it leaves the segment as it is.
 */
export async function workOnSegment(
  ports: DispatchPorts,
  work: SegmentWork,
  segment: number,
  before: SegmentProgress | undefined,
): Promise<void> {
  const { tickMs, writer } = work
  const claimed = claimSegment(before, { segment, tickMs, writer, nowMs: ports.clock.now() })
  try {
    if (await ports.ticks.save(claimed)) await workThrough(ports, work, claimed)
  } catch (error) {
    work.onFailure(error)
  }
}
