import { APIS } from '../../../../shared/contract/apis.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Two units at most, e.g. "3 min" or "2 d 4 h". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < MINUTE) return `${whole} s`
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`
  const [large, small, names] =
    whole < DAY ? ([HOUR, MINUTE, ['h', 'min']] as const) : ([DAY, HOUR, ['d', 'h']] as const)
  const rest = Math.floor((whole % large) / small)
  const begun = `${Math.floor(whole / large)} ${names[0]}`
  return rest === 0 ? begun : `${begun} ${rest} ${names[1]}`
}

/** Minutes and seconds for a countdown, e.g. "4:05". */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole >= HOUR) return formatDuration(whole)
  return `${Math.floor(whole / MINUTE)}:${String(whole % MINUTE).padStart(2, '0')}`
}

/** Few characters, e.g. "999", "12.3 k" or "4 M". */
export function formatShort(count: number): string {
  if (count < 1000) return String(count)
  const [unit, name] = count < 999_500 ? ([1000, 'k'] as const) : ([1_000_000, 'M'] as const)
  const value = count / unit
  return `${value < 99.5 ? value.toFixed(1).replace('.0', '') : Math.round(value)} ${name}`
}

/** The whole number with thin spaces, the same in every language. */
export const formatCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f')

/** Orders times, the earliest first. */
export const byTime = (a: string, b: string): number => Date.parse(a) - Date.parse(b)

export const secondsBetween = (from: string, toMs: number): number => (toMs - Date.parse(from)) / 1000

/** Time of UTC to the second, e.g. "2026-11-29 16:30:00 UTC". */
export function formatUtc(time: string): string {
  const ms = Date.parse(time)
  if (Number.isNaN(ms)) return time
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

const TITLES = new Map<string, string>(Object.entries(APIS).map(([api, { title }]) => [api, title]))

/** The name of an API for people. */
export const apiTitle = (api: string): string => TITLES.get(api) ?? api

/** "1 source", "2 sources". */
export const plural = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
