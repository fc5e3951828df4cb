import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { expect, test } from 'vitest'
import { openGateway } from '../support/gateway-world.ts'
import { BUS, BUS_ARN } from '../support/sample-deployment.ts'

const entry = (changes: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: BUS,
  Source: 'onepassword-source',
  DetailType: 'CollectionDue',
  Detail: '{"sourceId":1}',
  ...changes,
})

const put = (...entries: PutEventsRequestEntry[]) =>
  new EventBridgeClient({ maxAttempts: 1 }).send(new PutEventsCommand({ Entries: entries }))

test('passes accepted entries on as complete events', async () => {
  const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  const { events } = await openGateway({ clock: { now: () => nowMs } })

  const answer = await put(entry(), entry({ EventBusName: BUS_ARN, Time: new Date('2025-01-01T00:00:00Z') }))

  expect(answer.FailedEntryCount).toBe(0)
  expect(events).toEqual([
    {
      busName: BUS,
      envelopes: [
        {
          version: '0',
          id: answer.Entries?.[0]?.EventId,
          'detail-type': 'CollectionDue',
          source: 'onepassword-source',
          account: '000000000000',
          time: '2026-01-02T03:04:05Z',
          region: 'us-east-1',
          resources: [],
          detail: { sourceId: 1 },
        },
        expect.objectContaining({ time: '2025-01-01T00:00:00Z' }),
      ],
    },
  ])
})

test('returns a result for each entry', async () => {
  const { events } = await openGateway()

  const answer = await put(
    entry(),
    entry({ Source: undefined }),
    entry({ Detail: '[1]' }),
    entry({ Source: 'aws.events' }),
  )

  expect(answer.FailedEntryCount).toBe(3)
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'InvalidArgument',
    'MalformedDetail',
    'NotAuthorizedForSourceException',
  ])
  expect(events.flatMap(({ envelopes }) => envelopes)).toHaveLength(1)
})

test('refuses more than ten entries and more than 256 KB', async () => {
  await openGateway()
  const detail = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes) })

  await expect(put(...Array.from({ length: 11 }, () => entry()))).rejects.toThrow('less than or equal to 10')
  await expect(put(entry({ Detail: detail(200_000) }), entry({ Detail: detail(70_000) }))).rejects.toThrow(
    'Total size of the entries in the request is over the limit.',
  )
  await expect(put(entry({ Detail: detail(200_000) }))).resolves.toMatchObject({ FailedEntryCount: 0 })
})

test('refuses by name what it does not emulate of an entry', async () => {
  await openGateway()

  await expect(put(entry({ TraceHeader: 'x' }))).rejects.toThrow(
    'does not emulate TraceHeader of events:PutEvents',
  )
})

test('accepts and drops events for a bus that does not exist, as EventBridge does, and logs it', async () => {
  const { events, logged } = await openGateway()

  const answer = await put(entry({ EventBusName: `${BUS}-gone` }))

  expect([answer.FailedEntryCount, events, logged]).toEqual([0, [], [expect.stringContaining(`${BUS}-gone`)]])
})

test('refuses a bus that the role may not use', async () => {
  await openGateway()

  await expect(put(entry({ EventBusName: 'default' }))).rejects.toThrow(
    expect.objectContaining({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'events:PutEvents on resource: arn:aws:events:us-east-1:000000000000:event-bus/default',
      ),
    }),
  )
})
