/** Pages of made-up sign-in attempts, all of one size. */

export const PAGE_ITEMS = 1000

/** Like the example of the reference, with ids that differ as real ones do: about 740 bytes. */
function signInAttempt(n: number): string {
  const id = (salt: number): string =>
    Array.from({ length: 26 }, (_, i) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(
        (Math.imul(n * 97 + salt, i * 2654435761 + 40503) >>> 11) & 31,
      ),
    ).join('')
  const person = n % 211
  return JSON.stringify({
    uuid: id(1),
    session_uuid: id(2),
    timestamp: new Date(Date.UTC(2026, 2, 1) + n * 611).toISOString().replace('Z', '123456Z'),
    category: n % 9 ? 'success' : 'credentials_failed',
    type: n % 9 ? 'credentials_ok' : 'password_secret_bad',
    country: ['CA', 'DE', 'FR', 'US'][n % 4],
    details: { value: `Europe, by the rule ${id(3)} of the firewall of team ${n % 7}` },
    target_user: {
      uuid: `U${person}`.padEnd(26, 'X'),
      name: `Zoë Example ${person}`,
      email: `zoe.${person}@example.com`,
      type: 'user',
    },
    client: {
      app_name: '1Password for Mac',
      app_version: '81052038',
      platform_name: 'MacBook Pro',
      platform_version: '26.1',
      os_name: 'MacOSX',
      os_version: `26.${n % 5}`,
      ip_address: `192.0.2.${n % 251}`,
    },
    location: {
      country: 'CA',
      region: 'Ontario',
      city: 'Toronto',
      latitude: 43.64 + person,
      longitude: -79.433,
    },
    account_uuid: 'ACCOUNTACCOUNTACCOUNTACCOU',
  })
}

/** How many different pages there are. They are sent in turn. */
const DIFFERENT = 20

const lists: readonly Buffer[] = Array.from({ length: DIFFERENT }, (_, page) =>
  Buffer.from(Array.from({ length: PAGE_ITEMS }, (_, i) => signInAttempt(page * PAGE_ITEMS + i)).join(',')),
)

/** The body of a page, in the order of members that the API uses. */
export function pageBody(page: number, pages: number): Buffer {
  const list = lists[page % DIFFERENT] ?? Buffer.alloc(0)
  const end = `],"cursor":"${cursorFor(page + 1)}","has_more":${page + 1 < pages}}`
  return Buffer.concat([Buffer.from('{"items":['), list, Buffer.from(end)])
}

/** What the account says of its token. */
export const INTROSPECTION = JSON.stringify({
  uuid: 'T',
  issued_at: '2026-03-01T00:00:00Z',
  features: ['signinattempts', 'itemusages', 'auditevents'],
  account_uuid: 'ACCOUNTACCOUNTACCOUNTACCOU',
})

/** About as long as a real one. */
export const cursorFor = (page: number): string =>
  Buffer.from(`page ${String(page).padStart(8, '0')} ${'x'.repeat(120)}`).toString('base64url')

export const pageOfCursor = (cursor: string): number =>
  Number(Buffer.from(cursor, 'base64url').toString().slice(5, 13))
