import { expect, test } from 'vitest'
import { createActivity } from '../../clock/activity.ts'
import { createClock } from '../../clock/clock.ts'
import { createEventing } from '../../events/eventing.ts'
import type { Notice } from '../../reports.ts'
import { aDeployment, aFunction, aRule, temporaryFolder, writeBundle } from '../support/local-functions.ts'

test('a rate rule fires at once and then at its rate, and only once for a jump over several firings', async () => {
  const resource = aFunction({ permissions: [], codeFolder: writeBundle('') })
  const target = { id: 'T', arn: resource.arn, retryAttempts: 0, maxEventAgeMs: 300_000 }
  const { pattern: _, ...rate } = aRule({ everyMs: 300_000, targets: [target] })
  const deployment = aDeployment({ rules: [rate], functions: [resource] })
  const clock = createClock()
  const notices: Notice[] = []
  let ticks = 0
  const eventing = createEventing({
    ...{ deployment, dataDir: temporaryFolder(), clock, activity: createActivity(), pools: new Map() },
    onNotice: notice => notices.push(notice),
    onTick: () => ticks++,
    onFunctionError: () => {},
  })
  // Without permission to invoke, every firing is a lost event: that is what is counted here.
  const firings = async (count: number) => {
    await new Promise(resolve => setTimeout(resolve, 10))
    expect(notices).toHaveLength(count)
  }
  eventing.schedule.start()
  await firings(1)
  clock.advance(299_000)
  await firings(1)
  clock.advance(1000)
  await firings(2)
  clock.advance(1_000_000)
  await firings(3)
  eventing.stop()
  clock.advance(1_000_000)
  await firings(3)
  expect(ticks).toBe(3)
})
