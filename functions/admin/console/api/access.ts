import { signal } from '@preact/signals'

/** Where a key is kept if the user asks for it: until the tab is closed. */
const STORED = 'onepassword-source.access'

export interface Access {
  readonly accessId: string
  readonly accessKey: string
}

function readStored(): Access | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

/** The access key of the user. Undefined before the sign-in, and where `npm run console` signs the calls. */
export const access = signal<Access | undefined>(readStored())

/** Keeps the key in memory, and until the tab is closed if `remember` is set. */
export function signIn(given: Access, { remember }: { readonly remember: boolean }): void {
  access.value = given
  if (remember) sessionStorage.setItem(STORED, JSON.stringify(given))
}

/** Forgets the key everywhere. */
export function signOut(): void {
  access.value = undefined
  sessionStorage.removeItem(STORED)
}

const toBase64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** Whether `npm run console` is between this page and the API, and signs the calls: then nobody is asked for a key. */
export async function areCallsSigned(): Promise<boolean> {
  const { headers } = await fetch('/', { method: 'HEAD', cache: 'no-store' })
  return headers.has('x-console-signs')
}

/** The headers that prove the user. There are none before the sign-in. */
export function accessHeaders(): Readonly<Record<string, string>> {
  const known = access.value
  return known ? { authorization: `Basic ${toBase64(`${known.accessId}:${known.accessKey}`)}` } : {}
}
