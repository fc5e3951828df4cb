import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine, VirtualClock } from 'aws-emulator'
import { embeddedMetrics, InvalidMetrics, type MetricData } from './embedded-metrics.ts'

/** A line of `metrics.jsonl`. */
export interface KeptMetric extends Omit<MetricData, 'timestampMs'> {
  /** RFC 3339. */
  readonly time: string
}

const fileIn = (dataDir: string): string => join(dataDir, 'metrics.jsonl')

/** A log line whose metrics CloudWatch would drop. */
export interface InvalidMetricsNotice {
  readonly kind: 'invalid metrics'
  readonly functionName: string
  readonly reason: string
}

export interface MetricFileParts {
  readonly dataDir: string
  readonly clock: Pick<VirtualClock, 'now'>
  readonly onNotice: (notice: InvalidMetricsNotice) => void
}

/** Keeps what CloudWatch would be sent; what it would drop is a notice. */
export function createMetricFile({ dataDir, clock, onNotice }: MetricFileParts): (line: LogLine) => void {
  return ({ functionName, record }) => {
    try {
      const kept = embeddedMetrics(record, clock.now()).map(({ timestampMs, ...metric }): KeptMetric => {
        return { time: new Date(timestampMs).toISOString(), ...metric }
      })
      if (kept.length === 0) return
      appendFileSync(fileIn(dataDir), kept.map(each => `${JSON.stringify(each)}\n`).join(''))
    } catch (error) {
      if (!(error instanceof InvalidMetrics)) throw error
      onNotice({ kind: 'invalid metrics', functionName, reason: error.message })
    }
  }
}

/** All that a data directory holds, oldest first as they were sent; undefined if there is none. */
export function readMetrics(dataDir: string): readonly KeptMetric[] | undefined {
  const file = fileIn(dataDir)
  if (!existsSync(file)) return undefined
  // A stage that writes at this moment may have written half a line.
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return whole.map(line => JSON.parse(line) as KeptMetric)
}
