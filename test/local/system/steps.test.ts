import type { Intercept } from 'aws-emulator'
import { expect, it, onTestFinished } from 'vitest'
import { localSystem, type RegisteredIds } from '../../support/local-system.ts'

/** Calls back after each write to a task by a run, which waits for it. */
const afterTaskWrite =
  (look: () => Promise<void>): Intercept =>
  async (call, phase) => {
    const isRun = call.service === 'dynamodb' && call.functionName.includes('Collect')
    if (isRun && call.action === 'UpdateItem' && phase === 'after') await look()
    return undefined
  }

it('a source shows each step on the way to Collecting, one by one', async () => {
  const registered = Promise.withResolvers<RegisteredIds>()
  const seen: string[] = []
  const system = await localSystem({
    account: { days: 1, eventsPerDay: 20 },
    intercept: afterTaskWrite(async () => {
      seen.push((await system.stateOf(await registered.promise)).state)
    }),
  })
  onTestFinished(() => system.close())
  registered.resolve(await system.registerSource({ supported_apis: ['sign-in'] }))
  await system.stage.idle()
  // The first write takes the lease and leaves the state as the registration made it.
  expect(seen).toEqual(['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting'])
})
