import { signal } from '@preact/signals'
import { type Collection, joinParts } from '../model/collected.ts'
import { access, areCallsSigned, signOut } from './access.ts'
import { type Answer, call, Refused } from './call.ts'

/** How often a page that is visible asks for the collection. */
const REFRESH_MS = 30_000

/** The last collection that was read. Undefined before the first, and after a sign-out. */
export const collection = signal<Collection | undefined>(undefined)

/** Why the last refresh failed. What is shown is then older. */
export const refreshFault = signal<string | undefined>(undefined)

/** Whether the API asks who we are. */
export const isStranger = signal(false)

let known: string | undefined

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
      collection.value = joinParts(await readRest(answer))
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

/** Signs out. What was read is forgotten, too. */
export function leave(): void {
  signOut()
  collection.value = undefined
  refreshFault.value = undefined
  isStranger.value = true
  known = undefined
}
