import { type Random, randomFrom } from '../random.ts'
import type { EventContext } from './event-kind.ts'
import { addressIn, PLACES, type Place } from './places.ts'
import type { Device, Person, World } from './world.ts'

/** Who does something, with what, and where from. */
export interface Actor {
  readonly person: Person
  readonly device: Device
  readonly place: Place
  readonly address: string
}

const DAY_MS = 86_400_000

/** Everybody travels now and then. `only` says which devices can do the thing. */
export function someActor(
  { world, random }: EventContext,
  only: (device: Device) => boolean = () => true,
): Actor {
  const equipped = world.people.filter(({ devices }) => devices.some(only))
  const person = oneOf(equipped.length > 0 ? equipped : world.people, random)
  const usable = person.devices.filter(only)
  const device = random.pick(usable.length > 0 ? usable : person.devices)
  if (!random.chance(0.04)) return { person, device, place: person.place, address: person.address }
  const place = random.pick(PLACES)
  return { person, device, place, address: addressIn(place, random.integer(10)) }
}

/** Some people do far more than others. */
const oneOf = (people: readonly Person[], random: Random): Person =>
  random.pick(people.slice(0, 1 + random.integer(people.length)))

export const someone = ({ people }: World, random: Random): Person => oneOf(people, random)

/** What events say of a person: names as they were at the time. */
export const userOf = ({ uuid, name, email }: Person) => ({ uuid, name, email })

/** The same in the v2 of sign-ins and item usages. */
export const userWithAccount = (person: Person, random: Random) => ({
  ...userOf(person),
  ...(person.external || random.chance(0.7)
    ? { user_type: person.external ? 'external_user' : 'user', user_account_uuid: person.accountUuid }
    : {}),
})

/** Absent sometimes, and sometimes without its numbers (reference §11). */
export function locationOf({ country, region, city, latitude, longitude }: Place, random: Random) {
  if (random.chance(0.05)) return {}
  const numbers = random.chance(0.03) ? {} : { latitude, longitude }
  return { location: { country, region, city, ...numbers } }
}

export const clientOf = ({ device, address }: Actor) => ({ ...device.app, ip_address: address })

/** One session a day for each person and device, begun in the early morning. */
export function sessionOf({ seed }: World, { person, device }: Actor, atMs: number) {
  const today = Math.floor(atMs / DAY_MS)
  const session = (day: number) => {
    const random = randomFrom(seed, 'session', person.uuid, device.uuid, day)
    return { uuid: random.uuid(), loginMs: day * DAY_MS + random.integer(DAY_MS / 3) }
  }
  const current = session(today)
  return current.loginMs <= atMs ? current : session(today - 1)
}
