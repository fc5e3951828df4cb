import { APIS } from '../../../shared/contract/apis.ts'
import { TOKEN_CACHE_MS } from '../../../shared/contract/timing.ts'
import {
  type DestinationFact,
  DestinationFailure,
} from '../../../shared/domain/destination/destination-failure.ts'
import { NetworkFailure } from '../../../shared/domain/failure/network-failure.ts'
import type { Trouble } from '../../../shared/domain/failure/trouble.ts'
import { eventsFrom } from '../../support/collect-world.ts'
import { badRequest, failed, unauthorized } from '../../support/fakes/events-api.ts'
import type { ManagedCollection } from '../../support/managed-collection.ts'
import type { AdminWorld } from './admin-world.ts'
import { SOURCE_ID, update } from './source-world.ts'
import { SLOW_RULES, UNUSABLE_RULES } from './wrong-rules.ts'

const DAY_MS = 86_400_000
const ANOTHER_TOKEN = 'eyJhbGciOiJFUzI1NiJ9.another-T0ken.signature'

export interface Scene extends ManagedCollection {
  readonly world: AdminWorld
  readonly path: string
}

/** A way to mend a configuration error. */
export interface Cure {
  /** What goes wrong. */
  readonly name: string
  /** The source has not collected before. */
  readonly isNew?: true
  /** A part of the error's text: the advice. */
  readonly advice: string
  /** Brings the error about. */
  readonly breakIt: (scene: Scene) => void
  /** Does what the text says, through the management API. What is not the user's is mended with it. */
  readonly follow: (scene: Scene) => Promise<unknown>
}

const restart = ({ world, path }: Scene) => world.post(`${path}/action/restart`)
const withToken = ({ world, path, eventsApi }: Scene) => {
  eventsApi.token = ANOTHER_TOKEN
  return update(world, path, { api_token: ANOTHER_TOKEN })
}

const refuse =
  (status: number, body: string) =>
  ({ eventsApi }: Scene): void => {
    eventsApi.answering = ({ token }) =>
      token === ANOTHER_TOKEN ? undefined : { ...failed(status), body: Buffer.from(body) }
  }

const relentAndRestart = (scene: Scene) => {
  scene.eventsApi.answering = () => undefined
  return restart(scene)
}

const OWN = '{"Error":{"Message":"no"}}'

const answers: readonly Cure[] = [
  {
    name: 'a token that is refused, and another one',
    advice: 'Update api_token with a valid token',
    breakIt: refuse(401, '{"status":401,"message":"Invalid token signature"}'),
    follow: withToken,
  },
  {
    name: 'a token that is refused for a time',
    advice: 'or restart the source',
    breakIt: ({ eventsApi }) => {
      eventsApi.answering = () => unauthorized
    },
    follow: relentAndRestart,
  },
  {
    name: 'a token that may not read',
    advice: 'Update api_token with a token that may read events',
    breakIt: refuse(403, OWN),
    follow: withToken,
  },
  { name: 'a 403 that passes', advice: 'or restart', breakIt: refuse(403, OWN), follow: relentAndRestart },
  {
    name: 'a wrong host',
    advice: 'Set base_url to the host of the account',
    breakIt: ({ eventsApi }) => {
      eventsApi.answering = ({ baseUrl }) =>
        baseUrl.endsWith('.eu') ? undefined : { status: 404, body: Buffer.from('404 page not found\n') }
    },
    follow: ({ world, path }) => update(world, path, { base_url: 'events.1password.eu' }),
  },
]

/** 1Password does not begin a chain before this time, and refuses all cursors. */
function refuseStartsBefore({ eventsApi }: Scene, earliest: () => number): void {
  eventsApi.answering = ({ method, body = '{}' }) => {
    const { start_time: start } = JSON.parse(body)
    return method === 'POST' && (start === undefined || Date.parse(start) < earliest())
      ? badRequest
      : undefined
  }
}

/** Cursors that 1Password gives from then on are good. */
function relentOnceBegun({ eventsApi }: Scene): void {
  const { answering } = eventsApi
  eventsApi.answering = call => {
    const refusal = answering(call)
    if (call.method === 'POST' && refusal === undefined) eventsApi.answering = () => undefined
    return refusal
  }
}

const isoBefore = ({ clock }: Scene, days: number): string =>
  new Date(clock.now() - days * DAY_MS).toISOString()

const refuseAllPages = ({ eventsApi }: Scene): void => {
  eventsApi.answering = ({ method }) => (method === 'POST' ? badRequest : undefined)
}

const starts: readonly Cure[] = [
  {
    name: 'the first start, and a later one',
    isNew: true,
    advice: 'Check start_time',
    breakIt: refuseAllPages,
    follow: scene => {
      const untilMs = scene.clock.now() - 3_600_000 * 2
      refuseStartsBefore(scene, () => untilMs)
      relentOnceBegun(scene)
      return update(scene.world, scene.path, { start_time: isoBefore(scene, 1 / 24) })
    },
  },
  {
    name: 'a start after a long pause, and a later one',
    advice: 'Check start_time',
    breakIt: scene => {
      scene.clock.advance(130 * DAY_MS)
      refuseAllPages(scene)
    },
    follow: scene => {
      refuseStartsBefore(scene, () => scene.clock.now() - 100 * DAY_MS)
      relentOnceBegun(scene)
      return update(scene.world, scene.path, { start_time: isoBefore(scene, 90) })
    },
  },
  {
    name: 'a start that has become too old, and a restart',
    advice: 'then restart the source',
    breakIt: scene => {
      scene.clock.advance(130 * DAY_MS)
      refuseAllPages(scene)
    },
    follow: scene => {
      scene.clock.advance(30 * DAY_MS)
      refuseStartsBefore(scene, () => scene.clock.now() - 120 * DAY_MS)
      relentOnceBegun(scene)
      return restart(scene)
    },
  },
]

/** All collectors have a destination that takes nothing. */
function refuseEvents({ world, clock, eventsApi, destinations }: Scene, fact: DestinationFact): void {
  const { collectors } = world.ports.registry.stored
  const destination = { type: 'sumologic', lake: true, secret: 'a' } as const
  for (const [id, collector] of collectors) collectors.set(id, { ...collector, destination })
  eventsApi.events.push(...eventsFrom(50, 2, clock.now()))
  destinations.onBatch = async () => {
    throw new DestinationFailure(fact)
  }
}

const takeEventsAndRestart = (scene: Scene) => {
  scene.destinations.onBatch = async () => {}
  return restart(scene)
}

const destinations: readonly Cure[] = [
  {
    name: 'an HTTP Source of Sumo Logic that was deleted',
    advice: 'update destination.url of the collector',
    breakIt: scene => refuseEvents(scene, { reason: 'refused', status: 401, said: 'no' }),
    follow: takeEventsAndRestart,
  },
  {
    name: 'a stack that may not send to Sumo Logic',
    advice: 'Deploy with the setting destinations, and restart the source',
    breakIt: scene => refuseEvents(scene, { reason: 'not-deployed' }),
    follow: takeEventsAndRestart,
  },
  {
    name: 'a host that is not allowed',
    advice: 'deploy with that setting and restart the source',
    breakIt: scene => refuseEvents(scene, { reason: 'host' }),
    follow: takeEventsAndRestart,
  },
]

/** How each kind of configuration error is mended. A new kind of trouble does not pass the checker before it is named here. */
export const CURES: Readonly<Record<Trouble['kind'], readonly Cure[] | 'no configuration error'>> = {
  answer: answers,
  'start-refused': starts,
  destination: destinations,
  'host-not-allowed': [
    {
      name: 'another host',
      advice: 'Update base_url',
      breakIt: ({ settings }) => void settings.allowedHosts.splice(0, Infinity, 'events.1password.eu'),
      follow: ({ world, path }) => update(world, path, { base_url: 'events.1password.eu' }),
    },
    {
      name: 'a deployment that allows it',
      advice: 'deploy with the setting allowedHosts',
      breakIt: ({ settings }) => void settings.allowedHosts.splice(0),
      follow: scene => {
        scene.settings.allowedHosts.push('events.1password.com')
        return restart(scene)
      },
    },
  ],
  'feature-missing': [
    {
      name: 'a token with the feature',
      advice: 'Make a token that may report',
      breakIt: ({ eventsApi }) => void eventsApi.features.splice(0),
      follow: scene => {
        scene.eventsApi.features = [APIS['sign-in'].feature]
        return withToken(scene)
      },
    },
    {
      name: 'without the API',
      advice: 'take this API out of supported_apis',
      breakIt: ({ eventsApi }) => {
        eventsApi.features = [APIS.auditEvents.feature]
      },
      follow: ({ world, path }) => update(world, path, { supported_apis: ['auditEvents'] }),
    },
  ],
  'rule-unusable': UNUSABLE_RULES,
  'rules-slow': SLOW_RULES,
  'secret-gone': [
    {
      name: 'another token',
      advice: 'Update api_token',
      breakIt: ({ world, clock }) => {
        clock.advance(TOKEN_CACHE_MS)
        world.secrets.delete(SOURCE_ID)
      },
      follow: withToken,
    },
  ],
  'secret-unusable': [
    {
      name: 'another token',
      advice: 'Update api_token',
      breakIt: ({ world, clock }) => {
        clock.advance(TOKEN_CACHE_MS)
        const { current = '', versions = {} } = world.secrets.get(SOURCE_ID) ?? {}
        const spoilt = Object.fromEntries(Object.keys(versions).map(version => [version, 'two words']))
        world.secrets.set(SOURCE_ID, { current, versions: spoilt })
      },
      follow: withToken,
    },
  ],
  network: [
    {
      name: 'a token that cannot be sent',
      advice: 'update api_token',
      breakIt: ({ eventsApi }) => {
        eventsApi.answering = ({ token }) => {
          if (token === ANOTHER_TOKEN) return undefined
          throw new NetworkFailure({ reason: 'unsendable', at: 'https://events.1password.com' })
        }
      },
      follow: withToken,
    },
  ],
  unconfirmed: 'no configuration error',
  malformed: 'no configuration error',
  'refused-once': 'no configuration error',
  'only-start-refused': 'no configuration error',
  'cursor-repeated': 'no configuration error',
  'no-events': 'no configuration error',
  own: 'no configuration error',
  'overlap-unknown': 'no configuration error',
  damaged: 'no configuration error',
  'dead-run': 'no configuration error',
}
