import { toMilliseconds } from '../stream/timestamp.ts'

/** An operator wants an API to go on from a time, whatever lies before. All times are RFC 3339. */
export interface StepRequest {
  readonly to: string
  /** The access id of the operator. */
  readonly by: string
  readonly at: string
}

/** What was stepped over: nothing from one time to the other was read, as far as it had not been delivered before. */
export interface Step extends StepRequest {
  readonly from: string
}

/** Who steps over what a run could not read. */
export const STEPPED_BY_RUN = 'collect'

/** The entry of the ledger for what was stepped over. */
export const describeStep = ({ from, to, by, at }: Step): string => `${from}/${to} by ${by} at ${at}`

/** Without an object in between, two steps are one entry. The later one says by whom and when. */
export const joinSteps = (before: Step | undefined, step: Step): Step =>
  before && toMilliseconds(before.from) < toMilliseconds(step.from) ? { ...step, from: before.from } : step
