import { onTestFinished } from 'vitest'
import { type Account, type AccountOptions, startAccount } from '../../../infra/local/account/account.ts'
import type { Feature } from '../../../shared/contract/apis.ts'

/** A working day's noon. */
export const NOON = Date.parse('2025-11-05T12:00:00Z')
export const DAY_MS = 86_400_000

interface TestClock {
  at: number
  now(): number
}

export const clockAt = (at = NOON): TestClock => ({
  at,
  now() {
    return this.at
  },
})

/** Starts an account for one test. It has no rate limits by default, because the clock of a test often stands still. */
export async function startTestAccount(options: Partial<AccountOptions> = {}): Promise<Account> {
  const account = await startAccount({
    seed: 'test',
    days: 3,
    clock: clockAt(),
    eventsPerDay: 100,
    rateLimits: { perMinute: 1e6, perHour: 1e6 },
    ...options,
  })
  onTestFinished(account.close)
  return account
}

export interface Ask {
  readonly version?: 1 | 2
  readonly token?: string
  readonly signal?: AbortSignal
}

export function ask(account: Account, feature: Feature, body: object | string, options: Ask = {}) {
  const { version = 2, token = account.token, signal } = options
  return fetch(`${account.url}/api/v${version}/${feature}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  })
}

export type Item = Readonly<Record<string, unknown>> & { readonly uuid: string; readonly timestamp: string }

interface PageBody {
  readonly cursor: string
  readonly has_more: boolean
  readonly items: readonly Item[]
}

const isPage = (value: unknown): value is PageBody =>
  typeof value === 'object' && value !== null && 'cursor' in value && 'has_more' in value && 'items' in value

export async function fetchPage(
  account: Account,
  feature: Feature,
  body: object,
  options?: Ask,
): Promise<PageBody> {
  const response = await ask(account, feature, body, options)
  const text = await response.text()
  const value: unknown = response.status === 200 ? JSON.parse(text) : undefined
  if (!isPage(value)) throw new Error(`${response.status}: ${text}`)
  return value
}

interface Drained {
  readonly items: readonly Item[]
  readonly pages: readonly PageBody[]
  readonly cursor: string
}

/** Reads from the first request on until there is no more. */
export async function drain(
  account: Account,
  feature: Feature,
  first: object,
  options?: Ask,
): Promise<Drained> {
  const pages = [await fetchPage(account, feature, first, options)]
  for (let last = pages[0]; last?.has_more; last = pages.at(-1)) {
    pages.push(await fetchPage(account, feature, { cursor: last.cursor }, options))
  }
  return { pages, items: pages.flatMap(({ items }) => items), cursor: pages.at(-1)?.cursor ?? '' }
}

/** A request for everything: its start is before the beginning of any history. */
export const FROM_THE_BEGINNING = { limit: 1000, start_time: '2020-01-01T00:00:00Z' }
