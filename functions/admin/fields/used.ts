import type { AdminPorts } from '../admin-ports.ts'

/** The names of all fields that a collector, or a source that is not being deleted, sets. */
export async function usedFields({ registry }: Pick<AdminPorts, 'registry'>): Promise<ReadonlySet<string>> {
  const collectors = await registry.collectors()
  const sources = (await Promise.all(collectors.map(({ id }) => registry.sources(id)))).flat()
  const owners = [...collectors, ...sources.filter(({ stopping }) => !stopping)]
  return new Set(owners.flatMap(({ fields }) => Object.keys(fields)))
}
