import { expect, it } from 'vitest'
import { updateInput } from '../../../shared/adapters/task-updates.ts'
import { leaseTask, releaseLease } from '../../../shared/domain/task/life.ts'

const KEY = { sourceId: 1, api: 'sign-in' } as const

it('puts parentheses around alternatives only, because DynamoDB refuses redundant ones', () => {
  const lease = { owner: 'run', nowMs: 1, expiresMs: 2, partition: '2026-03-01' }
  const claim = { episode: 'e', execution: 'x' }
  const { UpdateExpression, ConditionExpression } = updateInput('t', KEY, leaseTask({ ...lease, claim }))
  expect(UpdateExpression).toBe(
    'SET #leaseOwner = :v0, #leaseSinceMs = :v1, #leaseExpiresMs = :v2, ' +
      '#partition = if_not_exists(#partition, :v3), #fence = #fence + :v4',
  )
  expect(ConditionExpression).toBe(
    '#schema = :v5 AND #halted <> :v6 AND #state <> :v7 AND ' +
      '(attribute_not_exists(#leaseOwner) OR #leaseExpiresMs <= :v8 OR #leaseOwner = :v9) AND ' +
      '#episode.#episode_id = :v10 AND #episode.#episode_execution = :v11',
  )
})

it('names only the placeholders that it uses', () => {
  expect(updateInput('t', KEY, releaseLease(3))).toMatchObject({
    UpdateExpression: 'REMOVE #leaseOwner, #leaseSinceMs, #leaseExpiresMs',
    ConditionExpression: '#fence = :v0',
    ExpressionAttributeNames: {
      '#leaseOwner': 'lo',
      '#leaseSinceMs': 'ls',
      '#leaseExpiresMs': 'lx',
      '#fence': 'fe',
    },
    ExpressionAttributeValues: { ':v0': { N: '3' } },
  })
})
