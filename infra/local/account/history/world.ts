import { type Random, randomFrom } from '../random.ts'
import { type ClientApp, MODERN_APPS, OLD_APPS } from './client-apps.ts'
import { GROUP_NAMES, PEOPLE_NAMES } from './names.ts'
import { addressIn, PLACES, type Place } from './places.ts'

export interface Device {
  readonly uuid: string
  /** The service numbers devices; audit events name a device by its number. */
  readonly id: number
  readonly app: ClientApp
  readonly old: boolean
}

export interface Person {
  readonly uuid: string
  readonly name: string
  readonly email: string
  /** A guest from the account of a managed service provider. */
  readonly external: boolean
  readonly accountUuid: string
  readonly place: Place
  readonly address: string
  readonly devices: readonly Device[]
  readonly vaults: readonly Vault[]
}

interface Item {
  readonly uuid: string
  readonly version: number
}

interface Vault {
  readonly uuid: string
  readonly items: readonly Item[]
}

/** The people, devices, vaults and groups of the account. All events are about them. */
export interface World {
  readonly seed: string
  readonly accountUuid: string
  readonly integrationUuid: string
  readonly people: readonly Person[]
  readonly groups: readonly { readonly uuid: string; readonly name: string }[]
  readonly vaults: readonly Vault[]
}

const EXTERNAL_PEOPLE = 2
const VAULTS = 14

/**
 * Uuids of users, sessions, events and accounts are in upper case, all others in lower case
 * (docs/reference/events-api.md, "Event types").
 */
const lowerCaseUuid = (random: Random): string => random.uuid().toLowerCase()

const makeVault = (random: Random): Vault => ({
  uuid: lowerCaseUuid(random),
  items: Array.from({ length: 6 + random.integer(30) }, () => ({
    uuid: lowerCaseUuid(random),
    version: random.chance(0.1) ? 0 : 1 + random.integer(40),
  })),
})

const makeDevice = (random: Random, app: ClientApp): Device => ({
  uuid: lowerCaseUuid(random),
  id: 10_000 + random.integer(90_000),
  app,
  old: OLD_APPS.includes(app),
})

/** Everybody has a modern device; one person in four also has an old one. */
function makeDevices(random: Random): Device[] {
  const modern = Array.from({ length: 1 + random.integer(3) }, () => random.pick(MODERN_APPS))
  const apps = random.chance(0.25) ? [...modern, random.pick(OLD_APPS)] : modern
  return apps.map(app => makeDevice(random, app))
}

function makePerson(
  random: Random,
  [name, address]: readonly [string, string],
  external: string | undefined,
  all: { accountUuid: string; vaults: readonly Vault[] },
): Person {
  const place = random.pick(PLACES)
  return {
    uuid: random.uuid(),
    name,
    email: external ? `${address}@provider.example` : `${address}@example.com`,
    external: external !== undefined,
    accountUuid: external ?? all.accountUuid,
    place,
    address: addressIn(place, random.integer(10)),
    devices: makeDevices(random),
    vaults: [...all.vaults.slice(0, 2), ...all.vaults.filter(() => random.chance(0.25))],
  }
}

/** Makes the world of a seed. The same seed always gives the same world. */
export function makeWorld(seed: string): World {
  const random = randomFrom(seed, 'world')
  const accountUuid = random.uuid()
  const integrationUuid = random.uuid()
  const provider = random.uuid()
  const vaults = Array.from({ length: VAULTS }, () => makeVault(random))
  const external = (index: number) => (index >= PEOPLE_NAMES.length - EXTERNAL_PEOPLE ? provider : undefined)
  return {
    seed,
    accountUuid,
    integrationUuid,
    vaults,
    people: PEOPLE_NAMES.map((name, index) =>
      makePerson(random, name, external(index), { accountUuid, vaults }),
    ),
    groups: GROUP_NAMES.map(name => ({ uuid: lowerCaseUuid(random), name })),
  }
}
