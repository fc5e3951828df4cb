import { readFileSync } from 'node:fs'

/** What a process has used so far. */
export interface ProcessUsage {
  readonly cpuSeconds: number
  /** The most resident memory that it had, in MB. */
  readonly peakMb: number
}

/**
 * Linux counts the memory of the parent into `maxRSS` of a process that it has just started. So this reads the high-water
 * mark of the process itself, where there is one.
 */
function readPeakMb(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    return Number(kilobytes) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}

export function readOwnUsage(): ProcessUsage {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1e6, peakMb: readPeakMb() }
}
