import type { LogLine } from 'aws-emulator'
import { RUN_ENDED, type RunReport, TICK_ENDED } from '../../shared/contract/log-messages.ts'

/** Returns the report of a run, if the log line is one. */
export const runReport = ({ record }: LogLine): RunReport | undefined =>
  record['message'] === RUN_ENDED ? (record as unknown as RunReport) : undefined

export const isTickEnd = ({ record }: LogLine): boolean => record['message'] === TICK_ENDED
