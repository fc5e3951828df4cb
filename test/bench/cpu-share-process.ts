import { readFileSync } from 'node:fs'

/*
 * Holds a process to a share of one core, as Lambda does by its memory: stops it while it has used more than its share.
 * It needs the /proc of Linux. Arguments: process id, share. Ends with the process.
 */
const [pid = '', share = '1'] = process.argv.slice(2)

/** Linux counts in hundredths of a second. What is too coarse in one look is made good in the next ones. */
const MS_PER_TICK = 10
const LOOK_MS = 2

/** A process that has waited may use so much at once. */
const BURST_MS = 20

function readUsedMs(): number {
  const [, state = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const columns = state.split(' ')
  return (Number(columns[11]) + Number(columns[12])) * MS_PER_TICK
}

let looked = performance.now()
let usedBefore = readUsedMs()
let leftMs = BURST_MS
let isStopped = false

function look(): void {
  const [now, used] = [performance.now(), readUsedMs()]
  leftMs = Math.min(leftMs + (now - looked) * Number(share), BURST_MS) - (used - usedBefore)
  looked = now
  usedBefore = used
  if (isStopped === leftMs < 0) return
  isStopped = !isStopped
  process.kill(Number(pid), isStopped ? 'SIGSTOP' : 'SIGCONT')
}

setInterval(() => {
  try {
    look()
  } catch {
    process.exit()
  }
}, LOOK_MS)
