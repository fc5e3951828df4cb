import { computed, signal } from '@preact/signals'
import { clockOffsetMs } from '../model/server-clock.ts'
import { collection } from './collection.ts'

const browserMs = signal(Date.now())

let offsetOf: unknown
let offsetMs = 0

/** The server's time. It moves each second while the page is visible. Only countdowns should read it. */
export const nowMs = computed(() => {
  if (collection.value && offsetOf !== collection.value) {
    offsetOf = collection.value
    offsetMs = clockOffsetMs(collection.value, Date.now())
  }
  return browserMs.value + offsetMs
})

const STEP_MS = 15_000

/** The same, in steps of 15 seconds: for what is shown in minutes. */
export const nowRoughlyMs = computed(() => Math.floor(nowMs.value / STEP_MS) * STEP_MS)

export function keepTime(): void {
  const tell = (): void => {
    if (document.visibilityState === 'visible') browserMs.value = Date.now()
  }
  setInterval(tell, 1000)
  document.addEventListener('visibilitychange', tell)
}
