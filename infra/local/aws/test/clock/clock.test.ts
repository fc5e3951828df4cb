import { expect, test } from 'vitest'
import { createActivity, holdOverJumps } from '../../clock/activity.ts'
import { createClock } from '../../clock/clock.ts'

test('runs the given number of times faster than real time', async () => {
  const clock = createClock({ speed: 1000, startMs: 0 })
  const beganMs = performance.now()
  await new Promise(resolve => setTimeout(resolve, 30))
  const realMs = performance.now() - beganMs
  expect(clock.now()).toBeGreaterThan(realMs * 900)
  expect(clock.now()).toBeLessThan((realMs + 50) * 1100)
})

test('jumps ahead by what it is told and never back', () => {
  const clock = createClock({ startMs: 1000 })
  clock.advance(3_600_000)
  expect(clock.now()).toBeGreaterThanOrEqual(3_601_000)
  expect(clock.now()).toBeLessThan(3_602_000)
  expect(() => clock.advance(-1)).toThrow('forward only')
})

test('wakes a sleeper when a jump passes its end, and only then', async () => {
  const clock = createClock()
  let awake = false
  const asleep = clock.sleep(600_000).then(() => {
    awake = true
  })
  clock.advance(300_000)
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(awake).toBe(false)
  clock.advance(300_000)
  await asleep
  expect(awake).toBe(true)
})

test('ends a sleep with the reason of its signal', async () => {
  const controller = new AbortController()
  const asleep = createClock().sleep(600_000, controller.signal)
  controller.abort(new Error('enough'))
  await expect(asleep).rejects.toThrow('enough')
})

test('sleeps longer than a timer of Node can', async () => {
  const clock = createClock({ speed: 1 })
  const asleep = clock.sleep(60 * 86_400_000).then(() => clock.now())
  const before = clock.now()
  clock.advance(60 * 86_400_000)
  expect(await asleep).toBeGreaterThanOrEqual(before + 60 * 86_400_000)
})

test('a jump wakes sleepers in the order in which they were due', async () => {
  const clock = createClock()
  const woken: number[] = []
  const sleepers = [300, 100, 200].map(ms => clock.sleep(ms * 1000).then(() => woken.push(ms)))
  clock.advance(600_000)
  await Promise.all(sleepers)
  expect(woken).toEqual([100, 200, 300])
})

test('is not idle after a jump before what became due has begun', async () => {
  const clock = createClock()
  const activity = createActivity()
  const stop = holdOverJumps(activity, clock)
  let ends = () => {}
  let begun = false
  void clock.sleep(60_000).then(() => {
    begun = true
    ends = activity.begin()
  })
  await activity.idle()
  expect(begun).toBe(false)
  clock.advance(60_000)
  let quiet = false
  const idle = activity.idle().then(() => {
    quiet = true
  })
  await expect.poll(() => begun).toBe(true)
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(quiet).toBe(false)
  ends()
  await idle
  stop()
})
