import type { Collector, Source } from '../../shared/domain/source/source.ts'
import type { Registry } from '../../shared/ports.ts'

export const numberedCollector = (id: number): Collector => ({
  schema: 1,
  id,
  version: 1,
  name: `collector ${id}`,
  description: '',
  destination: { type: 'lake' },
  fields: { team: 'sécurité ✓', _siemForward: true },
  createdAt: '2026-05-06T07:08:09.123Z',
})

export const numberedSource = (collectorId: number, id: number): Source => ({
  schema: 1,
  id,
  collectorId,
  version: 1,
  name: `source ${id}`,
  fields: {},
  baseUrl: 'https://events.1password.com',
  configuredBaseUrl: 'events.1password.com',
  apis: ['sign-in', 'auditEvents'],
  tokenVersion: 'v1',
  startTime: '2026-05-05T07:08:09Z',
  createdAt: '2026-05-06T07:08:09.123Z',
})

/** A collector and the id for a source of its own: tests share the registry and nothing else. */
export async function freshIds(registry: Registry) {
  const [collectorId, id, otherId] = await Promise.all([
    registry.nextId(),
    registry.nextId(),
    registry.nextId(),
  ])
  return { collectorId, id, otherId, name: `name of ${id}` }
}
