import type { Random } from '../../infra/local/account/random.ts'
import { API_NAMES, type Api } from '../../shared/contract/apis.ts'
import { EVENTS_API_HOSTS } from '../../shared/contract/hosts.ts'
import type { Account } from './account.ts'
import type { Accounts } from './accounts.ts'
import type { AdminAnswer, AdminCall, AdminClient } from './admin-client.ts'
import { randomTimes } from './fault-plan.ts'
import type { Surroundings } from './process.ts'
import { pickRules, type RuleSet } from './rule-sets.ts'
import type { Stores } from './stores.ts'

/** A user with one source for one account, who looks after the source now and then. */
export interface User {
  readonly account: Account
  /** Ids of the sources that were deleted for good. */
  readonly deleted: readonly number[]
  /** Returns the id of the present source. */
  readonly sourceId: () => number
  /** When the user last had to do something about the source. Epoch milliseconds. */
  readonly settledMs: () => number
  /** When the user last had nothing left to do, in the quiet hours. Epoch milliseconds. */
  readonly restedMs: () => number
}

interface UserParts {
  readonly world: Surroundings
  readonly stores: Stores
  readonly accounts: Accounts
  readonly account: Account
  readonly admin: AdminClient
  readonly random: Random
  readonly collectorId: number
  readonly quietMs: number
  readonly startTime: string | undefined
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

interface Holding extends UserParts {
  name: string
  token: string
  sourceId: number
  generation: number
  settledMs: number
  restedMs: number
  readonly deleted: number[]
}

const wait = ({ world }: UserParts, ms: number): Promise<void> =>
  new Promise(resolve => world.timeline.after(ms, resolve))

/** Waits, but not longer than until the quiet hours. */
const pause = (user: UserParts, ms: number): Promise<void> =>
  wait(user, Math.min(ms, Math.max(MINUTE_MS, user.quietMs - user.world.timeline.now())))

const sourcesPath = ({ collectorId }: UserParts): string => `/api/v1/collectors/${collectorId}/sources`
const sourcePath = (user: Holding): string => `${sourcesPath(user)}/${user.sourceId}`

const isDone = (answer: AdminAnswer | undefined): answer is AdminAnswer =>
  answer !== undefined && answer.status < 300

/** Repeats an attempt until it returns something. A request that got no answer has ended before the next attempt. */
async function until<T>(user: UserParts, attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const done = await attempt()
    if (done !== undefined) return done
    await wait(user, 40_000 + user.random.integer(2 * MINUTE_MS))
  }
}

/** Repeats a call until it succeeds, or the source is deleted. */
const insist = (user: UserParts, call: () => AdminCall): Promise<AdminAnswer> =>
  until(user, async () => {
    const answer = await user.admin(call())
    return answer && (answer.status < 300 || answer.status === 404) ? answer : undefined
  })

interface Shown {
  readonly id: number
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
}

async function findByName(user: Holding): Promise<number | undefined> {
  const answer = await user.admin({ method: 'GET', path: sourcesPath(user) })
  const sources = (answer?.body['sources'] ?? []) as readonly Shown[]
  return sources.find(({ id, name }) => name === user.name && !user.deleted.includes(id))?.id
}

function someApis(random: Random): readonly Api[] {
  const apis = API_NAMES.filter(() => random.chance(0.7))
  return apis.length > 0 ? apis : ['sign-in']
}

/** The processing rules of a new source, or other ones. */
function chooseRules({ world: { plan } }: UserParts): { readonly filters?: RuleSet } {
  if (!plan.active.has('processing-rules')) return {}
  plan.count('processing-rules')
  return { filters: pickRules(plan.random('processing-rules')) }
}

/**
 * Creates a source, perhaps with the name of the deleted one. After a lost answer it looks for the source by its name.
 */
async function create(user: Holding): Promise<void> {
  if (user.random.chance(0.5)) user.generation++
  user.name = `source ${user.account.number} of ${user.generation}`
  user.token = user.accounts.issue(user.account)
  const config = {
    name: user.name,
    base_url: 'https://events.1password.com',
    api_token: user.token,
    supported_apis: someApis(user.random),
    ...(user.startTime !== undefined && { start_time: user.startTime }),
    ...chooseRules(user),
  }
  const source = { schemaRef: { type: '1Password' }, sourceType: 'Universal', config }
  user.sourceId = await until(user, async () => {
    const answer = await user.admin({ method: 'POST', path: sourcesPath(user), body: { source } })
    if (isDone(answer)) return (answer.body['source'] as Shown).id
    return await findByName(user)
  })
  user.settledMs = user.world.timeline.now()
}

async function restart(user: Holding): Promise<void> {
  await insist(user, () => ({ method: 'POST', path: `${sourcePath(user)}/action/restart` }))
  user.settledMs = user.world.timeline.now()
}

/** Reads the source, edits it and puts it with its tag. Repeats all of that if it fails. */
async function update(user: Holding, config: object): Promise<void> {
  await until(user, async () => {
    const read = await user.admin({ method: 'GET', path: sourcePath(user) })
    if (!isDone(read)) return undefined
    const source = read.body['source'] as Shown
    const body = { source: { ...source, config: { ...source.config, ...config } } }
    const answer = await user.admin({ method: 'PUT', path: sourcePath(user), body, etag: read.etag })
    return isDone(answer) ? answer : undefined
  })
  user.settledMs = user.world.timeline.now()
}

/** Updates the source with a new token. The old token stays valid for a while, or ends at once. */
async function rotate(user: Holding): Promise<void> {
  const { accounts, account, random } = user
  const old = [...account.tokens]
  user.token = accounts.issue(account)
  if (random.chance(0.3)) for (const token of old) account.tokens.delete(token)
  await update(user, { api_token: user.token })
  await pause(user, random.integer(20 * MINUTE_MS))
  for (const token of old) account.tokens.delete(token)
}

/** Writes a new token into the secret by hand, without the management API. */
async function rotateByHand(user: Holding): Promise<void> {
  const { accounts, account, stores, sourceId, random } = user
  const old = [...account.tokens]
  const secret = stores.secrets.get(sourceId)
  if (!secret) return
  const token = accounts.issue(account)
  const version = random.uuid()
  user.token = token
  stores.secrets.set(sourceId, { current: version, versions: { ...secret.versions, [version]: token } })
  await pause(user, random.integer(20 * MINUTE_MS))
  for (const each of old) account.tokens.delete(each)
}

async function remove(user: Holding): Promise<void> {
  await insist(user, () => ({ method: 'DELETE', path: sourcePath(user) }))
  user.deleted.push(user.sourceId)
  await pause(user, user.random.integer(3 * HOUR_MS))
  await create(user)
}

const ACTIONS: readonly ((user: Holding) => Promise<void>)[] = [
  restart,
  user => update(user, { category: `onepassword/${user.random.integer(100)}` }),
  user => update(user, { supported_apis: someApis(user.random) }),
  rotate,
  rotateByHand,
  async ({ account }) => account.tokens.clear(),
  remove,
]

/** Someone else may do something to the same source, at about the same time. */
async function colleague(user: Holding): Promise<void> {
  const { random } = user
  if (!random.chance(0.3)) return
  await wait(user, random.integer(5_000))
  if (random.chance(0.5)) await restart(user)
  else await update(user, { description: `change ${random.integer(100)}` })
}

/** Repairs what only the user can repair: an invalid token, an account that refuses, or a task that was given up. */
async function putRight(user: Holding): Promise<void> {
  const { account, accounts, stores, sourceId } = user
  accounts.relent(account)
  if (!account.tokens.has(user.token) || !stores.secrets.has(sourceId)) return rotate(user)
  const waiting = [...stores.tasks.items.values()].some(
    task => task.sourceId === sourceId && task.halted && task.state === 'Error',
  )
  if (waiting) await restart(user)
}

const CHECK_MS = 5 * MINUTE_MS

/** Looks at the source every few hours, and every five minutes in the quiet hours. */
async function live(user: Holding): Promise<void> {
  const { world, random, quietMs } = user
  const { timeline, plan } = world
  await create(user)
  const acts = plan.active.has('users')
  const hours = random.pick([1, 4, 12])
  while (timeline.now() < quietMs) {
    await pause(user, random.integer(hours * HOUR_MS))
    if (acts && timeline.now() < quietMs && random.chance(0.6)) {
      plan.count('users')
      await Promise.all([random.pick(ACTIONS)(user), colleague(user)])
    }
    if (random.chance(0.7)) await putRight(user)
  }
  for (;;) {
    await putRight(user)
    user.restedMs = timeline.now()
    await wait(user, CHECK_MS)
  }
}

const BASE_URLS = EVENTS_API_HOSTS.map(host => `https://${host}`)

/** Changes the base URL now and then. It is the same account by every one of them. */
function startMoves(user: Holding): void {
  const { world, quietMs } = user
  const { plan, timeline } = world
  if (!plan.active.has('base-urls')) return
  const random = plan.random('base-urls')
  for (const ms of randomTimes(random, timeline.now() + HOUR_MS, quietMs - HOUR_MS, 4)) {
    timeline.at(ms, () => {
      plan.count('base-urls')
      void update(user, { base_url: random.pick(BASE_URLS) })
    })
  }
}

/** Changes the processing rules now and then. */
function startRuleChanges(user: Holding): void {
  const { world, quietMs } = user
  const { plan, timeline } = world
  if (!plan.active.has('processing-rules')) return
  const times = randomTimes(plan.random('processing-rules'), timeline.now() + HOUR_MS, quietMs - HOUR_MS, 5)
  for (const ms of times) timeline.at(ms, () => void update(user, chooseRules(user)))
}

/** Creates a user, who begins at once. */
export function createUser(parts: UserParts): User {
  const user: Holding = {
    ...parts,
    name: '',
    token: '',
    sourceId: 0,
    generation: 0,
    settledMs: parts.world.timeline.now(),
    restedMs: 0,
    deleted: [],
  }
  void live(user)
  startMoves(user)
  startRuleChanges(user)
  return {
    ...{ account: parts.account, deleted: user.deleted, sourceId: () => user.sourceId },
    ...{ settledMs: () => user.settledMs, restedMs: () => user.restedMs },
  }
}
