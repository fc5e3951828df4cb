import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { VirtualClock } from '../clock/clock.ts'

/** One line of a function's log. */
export interface LogLine {
  /** e.g. `collect` */
  readonly functionName: string
  readonly requestId?: string
  readonly record: Readonly<Record<string, unknown>>
}

export interface FunctionLogs {
  /** Takes what a function printed, in whole lines or in parts of lines. */
  write(functionName: string, text: string, requestId?: string): void
}

function parseRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/**
 * Writes `logs/<function>.jsonl`: JSON objects as they were printed, anything else wrapped as in Lambda's JSON log
 * format.
 */
export function createFunctionLogs(parts: {
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly onLog?: (line: LogLine) => void
}): FunctionLogs {
  const folder = join(parts.dataDir, 'logs')
  mkdirSync(folder, { recursive: true })
  const begun = new Map<string, string>()

  const writeLine = (functionName: string, line: string, requestId?: string): void => {
    if (line.trim() === '') return
    const wrapped = {
      timestamp: new Date(parts.clock.now()).toISOString(),
      level: 'INFO',
      requestId,
      message: line,
    }
    const read = parseRecord(line)
    appendFileSync(join(folder, `${functionName}.jsonl`), `${read ? line : JSON.stringify(wrapped)}\n`)
    parts.onLog?.({ functionName, ...(requestId !== undefined && { requestId }), record: read ?? wrapped })
  }

  return {
    write(functionName, text, requestId) {
      const source = `${functionName} ${requestId}`
      const lines = `${begun.get(source) ?? ''}${text}`.split('\n')
      const rest = lines.pop() ?? ''
      if (rest === '') begun.delete(source)
      else begun.set(source, rest)
      for (const line of lines) writeLine(functionName, line, requestId)
    },
  }
}
