import { expect, it } from 'vitest'
import { createLenders } from '../../../functions/collect/lenders.ts'
import { rateShare } from '../../../shared/domain/stream/rate-budget.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { fakeClock } from '../../support/fakes/clock.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { sampleTask } from '../../support/sample-task.ts'

const SOURCE = 170_000_001

/** Two APIs that may lend. `asked` has the APIs whose tasks were read. */
function lendersWith(change: Partial<Task>, failing?: Task['api']) {
  const clock = fakeClock()
  const asked: string[] = []
  const logged: string[] = []
  const write = (message: string, extra: object): void =>
    void logged.push(JSON.stringify({ message, ...extra }))
  const apis = ['itemUsage', 'auditEvents'] as const
  const store = fakeTasks(apis.map(api => sampleTask({ sourceId: SOURCE, api, ...change })))
  const read: typeof store.read = key => {
    asked.push(key.api)
    return key.api === failing ? Promise.reject(new Error('throttled')) : store.read(key)
  }
  const log = { debug: write, info: write, warn: write, error: write }
  const ports = { clock, log, tasks: { ...store, read } }
  const lenders = createLenders(ports, { sourceId: SOURCE, apis, share: rateShare(3) })
  return { clock, asked, logged, lenders }
}

it('an API with a run of its own lends nothing, and is asked again after ten seconds', async () => {
  const { clock, asked, lenders } = lendersWith({ leaseOwner: 'run/a', leaseExpiresMs: 9e15 })
  expect(await lenders.borrow()).toBeUndefined()
  expect(asked).toEqual(['itemUsage', 'auditEvents'])
  clock.advance(9999)
  expect(await lenders.borrow()).toBeUndefined()
  expect(asked).toHaveLength(2)
  clock.advance(1)
  expect(await lenders.borrow()).toBeUndefined()
  expect(asked).toHaveLength(4)
})

it('an API whose task cannot be read is passed over for ten seconds, and told in the log', async () => {
  const { clock, asked, logged, lenders } = lendersWith({}, 'itemUsage')
  expect(await lenders.borrow()).toMatchObject({ requests: expect.any(Number) })
  expect(logged.join()).toMatch(/another API could not lend requests.*"api":"itemUsage".*throttled/)
  await lenders.borrow()
  expect(asked.filter(api => api === 'itemUsage')).toHaveLength(1)
  clock.advance(10_000)
  await lenders.borrow()
  expect(asked.filter(api => api === 'itemUsage')).toHaveLength(2)
})
