import {
  EventBridgeClient,
  type PutEventsCommand,
  type PutEventsCommandOutput,
} from '@aws-sdk/client-eventbridge'
import { afterAll } from 'vitest'
import { eventBus } from '../../shared/adapters/event-bus.ts'
import { systemClock, systemRandom } from '../../shared/adapters/system.ts'
import type { CollectionDue, EpisodeOpened } from '../../shared/contract/events.ts'
import { busContract } from '../contract/bus-contract.ts'
import { remoteRun } from './remote-run.ts'

const { names, settings } = remoteRun()

type Detail = CollectionDue & EpisodeOpened

/** The details of the entries that EventBridge gave an id. Whether a rule then matches them, test/infra knows. */
function recordAccepted(client: EventBridgeClient): Detail[] {
  const accepted: Detail[] = []
  client.middlewareStack.add(
    next => async args => {
      const result = await next(args)
      const { Entries: sent = [] } = args.input as PutEventsCommand['input']
      const { Entries: taken = [] } = result.output as PutEventsCommandOutput
      accepted.push(
        ...sent.filter((_, i) => taken[i]?.EventId).map(({ Detail = '' }) => JSON.parse(Detail) as Detail),
      )
      return result
    },
    { step: 'initialize', name: 'recordAccepted' },
  )
  return accepted
}

const opened: EventBridgeClient[] = []
afterAll(() => {
  for (const client of opened) client.destroy()
})

busContract('in an account', () => {
  const client = new EventBridgeClient(settings)
  opened.push(client)
  const accepted = recordAccepted(client)
  const bus = eventBus(client, names.bus, { clock: systemClock, random: systemRandom })
  return { bus, published: () => accepted, opened: () => accepted }
})
