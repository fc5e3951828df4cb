import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine, VirtualClock } from 'aws-emulator'
import { InvalidMetrics, type MetricData, readEmbeddedMetrics } from './embedded-metrics.ts'

/** A line of `metrics.jsonl`. */
export interface KeptMetric extends Omit<MetricData, 'timestampMs'> {
  /** RFC 3339. */
  readonly time: string
}

const metricFile = (dataDir: string): string => join(dataDir, 'metrics.jsonl')

/** A log line whose metrics CloudWatch would drop. */
export interface InvalidMetricsNotice {
  readonly kind: 'invalid metrics'
  readonly functionName: string
  readonly reason: string
}

interface MetricFileParts {
  readonly dataDir: string
  readonly clock: Pick<VirtualClock, 'now'>
  readonly onNotice: (notice: InvalidMetricsNotice) => void
}

/** Writes what CloudWatch would get into `metrics.jsonl`. What CloudWatch would drop becomes a notice. */
export function createMetricFile({ dataDir, clock, onNotice }: MetricFileParts): (line: LogLine) => void {
  return ({ functionName, record }) => {
    try {
      const kept = readEmbeddedMetrics(record, clock.now()).map(({ timestampMs, ...metric }): KeptMetric => {
        return { time: new Date(timestampMs).toISOString(), ...metric }
      })
      if (kept.length === 0) return
      appendFileSync(metricFile(dataDir), kept.map(each => `${JSON.stringify(each)}\n`).join(''))
    } catch (error) {
      if (!(error instanceof InvalidMetrics)) throw error
      onNotice({ kind: 'invalid metrics', functionName, reason: error.message })
    }
  }
}

/**
 * Reads the metrics of a data directory in the order in which they were sent. Returns undefined if there is no file.
 */
export function readMetrics(dataDir: string): readonly KeptMetric[] | undefined {
  const file = metricFile(dataDir)
  if (!existsSync(file)) return undefined
  // The last line may be half written, if the stage writes it at this moment.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line) as KeptMetric)
}
