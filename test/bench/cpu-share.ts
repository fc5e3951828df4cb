import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The memory for which Lambda gives a function one core. */
const MB_OF_A_CORE = 1769

export const cpuShare = (memoryMb: number): number => Math.min(1, memoryMb / MB_OF_A_CORE)

/** Holds a process to a share of a core, until it ends. */
export function limitCpu(pid: number | undefined, share: number): void {
  if (share >= 1) return
  const script = join(import.meta.dirname, 'cpu-share-process.ts')
  spawn(process.execPath, [script, String(pid), String(share)], { stdio: 'inherit' }).unref()
}
