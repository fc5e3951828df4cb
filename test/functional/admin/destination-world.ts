import type { AdminPorts } from '../../../functions/admin/admin-ports.ts'
import { type AdminWorld, type Answer, adminWorld, COLLECTOR } from './admin-world.ts'

export const LIST = '/api/v1/collectors'
export const ID = 100000001
export const PATH = `${LIST}/${ID}`
export const CODE = 'ZaVnC4dhaV1codeOfTheSource'
export const URL = `https://endpoint4.collection.us2.sumologic.com/receiver/v1/http/${CODE}`
export const OTHER_URL = URL.replace(CODE, 'An0therC0deOfAnotherSource')
export const MASK = '********'

export const withDestinations =
  (hosts: readonly string[] = []) =>
  (ports: AdminPorts): AdminPorts => ({
    ...ports,
    settings: { ...ports.settings, destinations: { kinds: ['sumologic'], hosts } },
  })

export const named = (members: object, name = 'Security') => ({
  collector: { ...COLLECTOR.collector, name, ...members },
})
export const sumo = (members: object = {}) => ({ type: 'sumologic', url: URL, ...members })

/** A world with a collector whose events go to Sumo Logic, too. */
export async function created(members: object = { destination: sumo() }) {
  const world = adminWorld(withDestinations())
  const answer = await world.post(LIST, named(members))
  return { world, answer }
}

export const collectorIn = ({ body }: Answer) => body['collector'] as Record<string, unknown>
export const stored = ({ ports }: AdminWorld) => ports.registry.stored.collectors.get(ID)
/** The URL that collect would read. */
export function urlInUse(world: AdminWorld): string | undefined {
  const { destination } = stored(world) ?? {}
  return destination?.type === 'sumologic' ? world.urls.get(destination.secret) : undefined
}

/** Updates as every client does: GET, edit, PUT with the tag. */
export async function update(world: AdminWorld, change: object): Promise<Answer> {
  const read = await world.get(PATH)
  return world.put(PATH, { collector: { ...collectorIn(read), ...change } }, read.headers['etag'])
}
