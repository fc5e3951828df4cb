const HOURS_PER_WEEK = 168
const HOUR_MS = 3_600_000

/** A company that works from Lisbon to Toronto: how busy each hour of a working day is, in UTC. */
const WORKING_DAY = [2, 1, 1, 1, 1, 2, 5, 12, 20, 24, 24, 21, 20, 26, 30, 30, 28, 25, 20, 16, 12, 9, 6, 4]
const WEEKEND = 0.22

/** 1 January 1970 was a Thursday. */
const isWeekend = (dayOfWeek: number): boolean => dayOfWeek === 2 || dayOfWeek === 3

const raw = Array.from({ length: HOURS_PER_WEEK }, (_, hour) => {
  const busy = WORKING_DAY[hour % 24] ?? 0
  return isWeekend(Math.floor(hour / 24)) ? busy * WEEKEND : busy
})
const mean = raw.reduce((sum, weight) => sum + weight, 0) / HOURS_PER_WEEK

/** How busy the account is at this moment; 1 on the average of a week. */
export function activity(ms: number): number {
  const hour = Math.floor(ms / HOUR_MS) % HOURS_PER_WEEK
  return (raw[(hour + HOURS_PER_WEEK) % HOURS_PER_WEEK] ?? 0) / mean
}
