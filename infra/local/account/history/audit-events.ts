import { type Random, randomFrom } from '../random.ts'
import { type Actor, findSession, locationMembers, pickActor, pickPerson, userMembers } from './actor.ts'
import { ACTIONS_BY_OBJECT } from './audit-actions.ts'
import type { EventContext, EventKind } from './made-up-event.ts'
import type { Person, World } from './world.ts'

/** What an audit event is about. */
interface Subject {
  readonly object_uuid: string
  readonly object_details?: object
  readonly aux_id?: number
  readonly aux_uuid?: string
  readonly aux_details?: object
  readonly aux_info?: string
}

type MakeSubject = (context: EventContext, actor: Actor) => Subject

const about = (person: Person) => ({ aux_uuid: person.uuid, aux_details: userMembers(person) })

const PERMISSIONS = ['1', '3', '32', '50', '8388607'] as const

const itemSubject: MakeSubject = ({ random }, { person }) => {
  const vault = random.pick(person.vaults)
  const item = random.pick(vault.items)
  return { object_uuid: item.uuid, aux_id: item.version, aux_uuid: vault.uuid }
}

const newThing = (random: Random): string => random.uuid().toLowerCase()

const SUBJECTS: Readonly<Record<string, MakeSubject>> = {
  account: ({ world }) => ({ object_uuid: world.accountUuid }),
  user: ({ world, random }) => {
    const person = pickPerson(world, random)
    return { object_uuid: person.uuid, object_details: userMembers(person) }
  },
  device: (_, { person, device }) => ({ object_uuid: device.uuid, aux_id: device.id, ...about(person) }),
  group: ({ world, random }) => {
    const group = random.pick(world.groups)
    return { object_uuid: group.uuid, aux_info: group.name }
  },
  gm: ({ world, random }) => ({
    object_uuid: random.pick(world.groups).uuid,
    ...about(pickPerson(world, random)),
    aux_info: random.pick(['A', 'R']),
  }),
  gva: ({ world, random }) => ({
    object_uuid: random.pick(world.vaults).uuid,
    aux_uuid: random.pick(world.groups).uuid,
    aux_info: random.pick(PERMISSIONS),
  }),
  uva: ({ world, random }) => ({
    object_uuid: random.pick(world.vaults).uuid,
    ...about(pickPerson(world, random)),
    aux_info: random.pick(PERMISSIONS),
  }),
  vault: (_, { person }) => ({ object_uuid: person.vaults[0]?.uuid ?? person.uuid }),
  item: itemSubject,
  itemhist: itemSubject,
  file: itemSubject,
  items: ({ random }, { person }) => ({ object_uuid: random.pick(person.vaults).uuid, aux_info: '12' }),
  invite: ({ random }) => ({ object_uuid: newThing(random), aux_info: 'newcomer@example.com' }),
  miguser: ({ world, random }) => ({ object_uuid: newThing(random), ...about(pickPerson(world, random)) }),
  satoken: ({ world, random }) => ({
    object_uuid: newThing(random),
    aux_uuid: fixedThing(world, 'sa'),
    aux_info: 'CI token – “déploiement”',
  }),
}

/** Returns the uuid of something that an account has once: its subscription, its card, its service account … */
const fixedThing = ({ seed }: World, type: string): string => newThing(randomFrom(seed, 'thing', type))

const makeSubject = (type: string, context: EventContext, actor: Actor): Subject =>
  SUBJECTS[type]?.(context, actor) ?? { object_uuid: fixedThing(context.world, type) }

/** A login time is written in whole seconds, whatever the decimals of the event. */
const writeSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

function auditEvent(context: EventContext, action: string, type: string): object {
  const { world, random, uuid, timestamp, atMs } = context
  const actor = pickActor(context)
  const session = findSession(world, actor, atMs)
  return {
    uuid,
    timestamp,
    actor_uuid: actor.person.uuid,
    ...(random.chance(0.95) ? { actor_details: userMembers(actor.person) } : {}),
    actor_type: actor.person.external ? 'external_user' : 'user',
    actor_account_uuid: actor.person.accountUuid,
    account_uuid: world.accountUuid,
    action,
    object_type: type,
    ...makeSubject(type, context, actor),
    session: {
      uuid: session.uuid,
      login_time: writeSeconds(session.loginMs),
      device_uuid: actor.device.uuid,
      ip: actor.address,
    },
    ...locationMembers(actor.place, random),
  }
}

function parseKind(type: string, entry: string): EventKind {
  const [action = '', weight = '1'] = entry.split(':')
  return { weight: Number(weight), build: context => auditEvent(context, action, type) }
}

export const AUDIT_EVENT_KINDS: readonly EventKind[] = Object.entries(ACTIONS_BY_OBJECT).flatMap(
  ([type, actions]) => actions.split(' ').map(entry => parseKind(type, entry)),
)
