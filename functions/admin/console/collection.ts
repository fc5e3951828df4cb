import { signal } from '@preact/signals'
import { access, areCallsSigned, signOut } from './access.ts'
import { type Answer, call, Refused } from './api.ts'

/** How often a page that is visible asks for the collection. */
const REFRESH_MS = 30_000

/** What `GET /api/v1/collection` answers, as far as the page shows it. All times are RFC 3339. */
export interface CollectedApi {
  readonly api: string
  readonly state: string
  readonly since?: string
  readonly reached: Readonly<Record<string, string>>
  readonly error?: {
    readonly type: string
    readonly code: number
    readonly info: string
    readonly at: string
  }
  readonly advice?: string
  readonly retry?: {
    readonly since: string
    readonly attempts: number
    readonly nextRetry?: string
    readonly gaveUp?: string
    readonly deadline: string
  }
  readonly warnings: readonly {
    readonly kind: string
    readonly since: string
    readonly title: string
    readonly description: string
  }[]
  readonly noWordSince?: string
  readonly tokenExpires?: string
  readonly lastSuccess?: string
  readonly lastEventTime?: string
  readonly lagSince?: string
  readonly cursorSince?: string
  readonly pages: number
  readonly events: number
  readonly lateEvents: number
  readonly unreadable?: number
  readonly eventsByHour: readonly number[]
  readonly lease?: { readonly since?: string; readonly until: string }
}

export interface CollectedSource {
  readonly id: number
  readonly name: string
  readonly category?: string
  readonly state: {
    readonly state: string
    readonly errorType?: string
    readonly errorCode?: number
    readonly errorInfo?: string
  }
  readonly openHealthEvents: number
  readonly apis: readonly CollectedApi[]
}

export interface CollectedCollector {
  readonly id: number
  readonly name: string
  readonly category?: string
  readonly sources: readonly CollectedSource[]
}

export interface Collection {
  readonly hoursSince: string
  readonly collectors: readonly CollectedCollector[]
}

/** The last collection that was read. Undefined before the first, and after a sign-out. */
export const collection = signal<Collection | undefined>(undefined)

/** Why the last refresh failed. What is shown is then older. */
export const refreshFault = signal<string | undefined>(undefined)

/** Whether the API asks who we are. */
export const isStranger = signal(false)

let known: string | undefined

/** A collector whose sources are in two parts of the list is in both. */
function join(parts: readonly Collection[]): Collection {
  const collectors = new Map<number, CollectedCollector>()
  for (const each of parts.flatMap(part => part.collectors)) {
    const before = collectors.get(each.id)?.sources ?? []
    collectors.set(each.id, { ...each, sources: [...before, ...each.sources] })
  }
  return { hoursSince: parts[0]?.hoursSince ?? '', collectors: [...collectors.values()] }
}

async function readRest(first: Answer<Collection>): Promise<readonly Collection[]> {
  const parts = first.body ? [first.body] : []
  let { next } = first
  while (next !== undefined) {
    const part: Answer<Collection> = await call(next)
    if (part.body) parts.push(part.body)
    next = part.next
  }
  return parts
}

function fail(error: unknown): void {
  refreshFault.value = error instanceof Refused ? error.message : 'The server cannot be reached.'
  if (!(error instanceof Refused) || ![401, 403].includes(error.status)) return
  signOut()
  isStranger.value = true
  collection.value = undefined
  known = undefined
}

/** Reads the collection again. It is left as it is if it has not changed, or cannot be read. */
export async function refresh(): Promise<void> {
  try {
    const headers = known === undefined || !collection.value ? {} : { 'if-none-match': known }
    const answer = await call<Collection>('/collection', { headers })
    if (answer.status !== 304) {
      collection.value = join(await readRest(answer))
      known = answer.next === undefined ? answer.etag : undefined
    }
    refreshFault.value = undefined
    isStranger.value = false
  } catch (error) {
    fail(error)
  }
}

/** Refreshes now and then, while the page is visible and the user is known. */
export async function keepFresh(): Promise<void> {
  isStranger.value = !access.value && !(await areCallsSigned().catch(() => false))
  const isWanted = (): boolean => document.visibilityState === 'visible' && !isStranger.value
  setInterval(() => isWanted() && void refresh(), REFRESH_MS)
  document.addEventListener('visibilitychange', () => isWanted() && void refresh())
  if (isWanted()) await refresh()
}
