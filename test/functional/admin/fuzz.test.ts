import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AdminRequest } from '../../../functions/admin/http/message.ts'
import { ACCESS_KEY, type AdminWorld, adminWorld, basic, TOKEN } from './admin-world.ts'
import { fuzzedRequest, SEED } from './fuzzed-requests.ts'

const RUNS = 700
const MOST_A_RUN = 48
const WANTED = 10_000

async function seeded(): Promise<AdminWorld> {
  const world = adminWorld()
  for (const call of SEED) expect((await world.send(call)).status).toBeLessThan(300)
  return world
}

/** Replaces the word `current` in If-Match and If-None-Match by the current tag. */
async function withTags(world: AdminWorld, request: AdminRequest): Promise<AdminRequest> {
  const { headers, rawPath: path } = request
  const wanting = ['If-Match', 'If-None-Match'].filter(name => headers[name] === 'current')
  if (wanting.length === 0) return request
  const etag = String((await world.send({ method: 'GET', path })).headers['etag'] ?? '"none"')
  return { ...request, headers: { ...headers, ...Object.fromEntries(wanting.map(name => [name, etag])) } }
}

const prototypeMembers = (): string[] =>
  [Object, Array, String].flatMap(kind => Reflect.ownKeys(kind.prototype).map(String))

describe('more than 10,000 requests of every kind', () => {
  const statuses = new Map<number, number>()
  const untouched = prototypeMembers()
  let requests = 0

  beforeAll(async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fuzzedRequest, { minLength: 1, maxLength: MOST_A_RUN, size: 'max' }),
        async sent => {
          const world = await seeded()
          for (const request of sent) {
            const { statusCode = 0 } = await world.handle(await withTags(world, request))
            requests++
            statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
            // A request takes milliseconds, so a longer one hangs.
            world.state.nowMs += 1000
            if (statusCode < 200 || statusCode >= 500) throw new Error(`answered ${statusCode}`)
          }
          const output = world.output()
          for (const secret of [TOKEN, ACCESS_KEY.accessKey, basic(ACCESS_KEY).slice('Basic '.length)]) {
            if (output.includes(secret)) throw new Error('a token or key left the function')
          }
          expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
        },
      ),
      { numRuns: RUNS, timeout: 5000 },
    )
  }, 60_000)

  it('are answered with less than 500, in time, as described, and with neither token nor key', () => {
    expect(requests).toBeGreaterThan(WANTED)
  })

  it('reach what they are meant to try: successes and every refusal', () => {
    const met = [200, 201, 204, 304, 400, 401, 403, 404, 405, 412, 415]
    expect([...statuses.keys()]).toEqual(expect.arrayContaining(met))
    const successes = (statuses.get(200) ?? 0) + (statuses.get(201) ?? 0) + (statuses.get(204) ?? 0)
    expect(successes / requests).toBeGreaterThan(0.1)
  })

  it('leave the prototypes of all objects alone', () => {
    expect(prototypeMembers()).toEqual(untouched)
    expect({}).not.toHaveProperty('polluted')
  })
})
