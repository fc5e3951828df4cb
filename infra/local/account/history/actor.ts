import { type Random, randomFrom } from '../random.ts'
import type { EventContext } from './made-up-event.ts'
import { addressIn, PLACES, type Place } from './places.ts'
import type { Device, Person, World } from './world.ts'

/** A person who does something, with a device, at a place. */
export interface Actor {
  readonly person: Person
  readonly device: Device
  readonly place: Place
  readonly address: string
}

const DAY_MS = 86_400_000

/** Picks somebody who does something, now and then on a journey. `only` says which devices can do it. */
export function pickActor(
  { world, random }: EventContext,
  only: (device: Device) => boolean = () => true,
): Actor {
  const equipped = world.people.filter(({ devices }) => devices.some(only))
  const person = pickUnevenly(equipped.length > 0 ? equipped : world.people, random)
  const usable = person.devices.filter(only)
  const device = random.pick(usable.length > 0 ? usable : person.devices)
  if (!random.chance(0.04)) return { person, device, place: person.place, address: person.address }
  const place = random.pick(PLACES)
  return { person, device, place, address: addressIn(place, random.integer(10)) }
}

/** Some people do far more than others: those at the beginning of the list. */
const pickUnevenly = (people: readonly Person[], random: Random): Person =>
  random.pick(people.slice(0, 1 + random.integer(people.length)))

export const pickPerson = ({ people }: World, random: Random): Person => pickUnevenly(people, random)

/** What an event says about a person. */
export const userMembers = ({ uuid, name, email }: Person) => ({ uuid, name, email })

/** What sign-ins and item usages of v2 say about a person. */
export const userMembersForV2 = (person: Person, random: Random) => ({
  ...userMembers(person),
  ...(person.external || random.chance(0.7)
    ? { user_type: person.external ? 'external_user' : 'user', user_account_uuid: person.accountUuid }
    : {}),
})

/** The location is absent sometimes, and sometimes it has no coordinates (docs/reference/events-api.md, "Oddities"). */
export function locationMembers({ country, region, city, latitude, longitude }: Place, random: Random) {
  if (random.chance(0.05)) return {}
  const numbers = random.chance(0.03) ? {} : { latitude, longitude }
  return { location: { country, region, city, ...numbers } }
}

export const clientMembers = ({ device, address }: Actor) => ({ ...device.app, ip_address: address })

/** Returns the session of a person on a device. There is one a day; it begins in the early morning. */
export function findSession({ seed }: World, { person, device }: Actor, atMs: number) {
  const today = Math.floor(atMs / DAY_MS)
  const session = (day: number) => {
    const random = randomFrom(seed, 'session', person.uuid, device.uuid, day)
    return { uuid: random.uuid(), loginMs: day * DAY_MS + random.integer(DAY_MS / 3) }
  }
  const current = session(today)
  return current.loginMs <= atMs ? current : session(today - 1)
}
