import type { Random } from '../../infra/local/account/random.ts'
import type { FakeSecret } from '../support/fakes/tokens.ts'
import type { Account } from './account.ts'
import { type Accounts, TOKEN_SECRET } from './accounts.ts'
import type { Stores } from './stores.ts'
import type { Timeline } from './timeline.ts'

interface HandWritingParts {
  readonly stores: Stores
  readonly accounts: Accounts
  readonly random: Random
  readonly accountOf: (sourceId: number) => Account
}

/** If a source has read no account yet, the product cannot know that a token is of another one. */
const isKnown = ({ tasks }: Stores, id: number): boolean =>
  [...tasks.items.values()].some(task => task.sourceId === id && task.accountUuid !== undefined)

/** What people write into a secret: the right token in some wrapping, or something else. */
function write({ accounts, random, stores }: HandWritingParts, account: Account, id: number): string {
  const others = isKnown(stores, id) ? accounts.all.filter(each => each !== account) : []
  return random.pick([
    () => `${accounts.issue(account)}\n`,
    () => `"${accounts.issue(account)}"`,
    () => JSON.stringify({ api_token: accounts.issue(account) }),
    () => (others.length > 0 ? accounts.issue(random.pick(others)) : accounts.forge()),
    () => accounts.forge(),
    () => `two words ${TOKEN_SECRET}`,
  ])()
}

/**
 * Writes into the secret of a source by hand. It never overwrites a token that the user has written there by hand,
 * because nobody else knows that token.
 */
export function writeByHand(parts: HandWritingParts): void {
  const { stores, random, accountOf } = parts
  const sources = [...stores.registry.stored.sources.values()]
  if (sources.length === 0) return
  const { id, tokenVersion } = random.pick(sources)
  const secret = stores.secrets.get(id)
  if (secret?.current !== tokenVersion) return
  const version = `by-hand-${Object.keys(secret.versions).length}`
  const versions = { ...secret.versions, [version]: write(parts, accountOf(id), id) }
  stores.secrets.set(id, { current: version, versions })
}

interface DeletionParts {
  readonly stores: Stores
  /** What was deleted last of each source. Only that is restored. */
  readonly deleted: Map<number, FakeSecret>
  readonly timeline: Timeline
  readonly random: Random
  readonly quietMs: number
}

const MOST_HOURS_DELETED = 5

/** Deletes the secret of a source. Perhaps someone restores it later, unless it has been written anew. */
export function deleteByHand({ stores, deleted, timeline, random, quietMs }: DeletionParts): void {
  const { secrets, registry } = stores
  const ids = [...secrets.keys()]
  if (ids.length === 0) return
  const id = random.pick(ids)
  const secret = secrets.get(id)
  secrets.delete(id)
  if (!secret) return
  deleted.set(id, secret)
  if (random.chance(0.5)) return
  const restoredMs = timeline.now() + random.fraction() * MOST_HOURS_DELETED * 3_600_000
  timeline.at(Math.min(restoredMs, quietMs), () => {
    const isLeft = [...registry.stored.sources.values()].some(source => source.id === id && !source.stopping)
    if (isLeft && !secrets.has(id) && deleted.get(id) === secret) secrets.set(id, secret)
  })
}
