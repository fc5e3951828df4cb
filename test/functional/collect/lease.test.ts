import { describe, expect, it } from 'vitest'
import { COLLECT_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../../shared/contract/timing.ts'
import { leaseTask } from '../../../shared/domain/task/life.ts'
import { replacingTransition } from '../../support/applying.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom } from '../../support/collect-world.ts'

/** A run that has leased its task and dies at its first effect afterwards. */
async function dyingRun(): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  await world.runUntilKilled({ at: 0, phase: 'after' })
  expect(world.taskNow().leaseOwner).toContain('run-1')
  return world
}

describe('the lease of a run', () => {
  it.each([
    [-1, 'busy'],
    [0, 'drained'],
  ])(
    'that died lasts 30 s longer than the function: another run %i ms after that is %s',
    async (ms, outcome) => {
      const { clock, run } = await dyingRun()
      clock.advance(COLLECT_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS + ms)
      expect((await run()).outcome).toBe(outcome)
    },
  )

  it('is given back if the source cannot be read, so that the next run need not wait for its end', async () => {
    const { run, ports, taskNow } = collectWorld({ events: eventsFrom(0, 5) })
    const registry = { ...ports.registry, registered: () => Promise.reject(new Error('throttled')) }
    await expect(run({ ...ports, registry })).rejects.toThrow('throttled')
    expect(taskNow().leaseOwner).toBeUndefined()
    expect((await run()).outcome).toBe('drained')
  })

  it('that another run has taken meanwhile is left to it, even if a save failed and the task is read again', async () => {
    const { run, ports, taskNow, clock, expireLease, bus } = collectWorld({ events: eventsFrom(0, 3) })
    const { apply } = ports.tasks
    const other = () => ({
      owner: 'other/run',
      nowMs: clock.now(),
      expiresMs: clock.now() + 270_000,
      partition: '2026-03-01',
    })
    const failing = replacingTransition(apply, 'save', async (key, transition) => {
      if (!('cursor' in transition.update.set)) return apply(key, transition)
      expireLease()
      await apply(DUE, leaseTask(other()))
      throw new Error('socket hang up')
    })
    expect((await run({ ...ports, tasks: { ...ports.tasks, apply: failing } })).outcome).toBe('superseded')
    expect(taskNow()).toMatchObject({ fence: 2, leaseOwner: 'other/run', events: 0 })
    expect(taskNow()).not.toHaveProperty('error')
    expect(bus.health).toEqual([])
  })
})
