import { describe, expect, it } from 'vitest'
import { type Asked, admit, entrance, keyCookie } from '../../../infra/commands/console/admission.ts'

const DOOR = { port: 8790, key: 'k3y_-' }
const [COOKIE = ''] = keyCookie(DOOR).split(';')
const HOST = '127.0.0.1:8790'

const ask = (change: Partial<Omit<Asked, 'headers'>> & { headers?: Asked['headers'] } = {}) => {
  const { headers, ...others } = change
  return admit(
    { method: 'GET', target: '/', ...others, headers: { host: HOST, cookie: COOKIE, ...headers } },
    DOOR,
  )
}

const REFUSED = { refused: expect.any(String) }

describe('the console', () => {
  it.each([
    ['the page, after the entrance', {}],
    [
      'a call of the page',
      { method: 'PUT', headers: { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' } },
    ],
    ['the name localhost', { headers: { host: 'localhost:8790', origin: 'http://localhost:8790' } }],
    ['somebody who reloads it', { headers: { 'sec-fetch-site': 'none' } }],
    ['a browser without Sec-Fetch-Site', { method: 'POST', headers: { origin: `http://${HOST}` } }],
    ['curl with the cookie', { method: 'DELETE' }],
    ['a browser with more cookies', { headers: { cookie: `a=b; ${COOKIE}; c=d=e` } }],
  ])('serves %s', (_, asked) => {
    expect(ask(asked as Partial<Asked>)).toBe('serve')
  })

  it.each([
    ['a name that somebody lets point to this machine', { headers: { host: 'evil.example:8790' } }],
    ['the right name with another port', { headers: { host: '127.0.0.1:8791' } }],
    ['no name', { headers: { host: undefined } }],
    ['a page of another server', { method: 'POST', headers: { origin: 'https://evil.example' } }],
    [
      'a page of another port',
      { headers: { origin: 'http://127.0.0.1:8791', 'sec-fetch-site': 'same-site' } },
    ],
    ['a page under the other name', { headers: { origin: 'http://localhost:8790' } }],
    ['a sandboxed page', { headers: { origin: 'null' } }],
    ['an image on a page of another server', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['a change that no page has sent', { method: 'POST', headers: { 'sec-fetch-site': 'none' } }],
    ['another person on the machine', { headers: { cookie: undefined } }],
    ['a wrong cookie', { headers: { cookie: `${COOKIE}x` } }],
    ['the cookie under another name', { headers: { cookie: `x${COOKIE}` } }],
    ['a wrong key', { target: '/?key=k3y', headers: { cookie: undefined } }],
    ['the key at another place', { target: '/api/v1/collection?key=k3y_-', headers: { cookie: undefined } }],
    ['a whole address', { target: 'http://evil.example/' }],
    ['an address that would name another server', { target: '//evil.example/' }],
    ['an address with a line break', { target: '/a\r\nb' }],
  ])('refuses %s', (_, asked) => {
    expect(ask(asked as Partial<Asked>)).toEqual(REFUSED)
  })

  it('lets in who has the address with the key, if no other site has sent them', () => {
    const target = entrance(DOOR).replace(`http://${HOST}`, '')
    const bare = { cookie: undefined, 'sec-fetch-site': 'none' }
    expect(ask({ target, headers: bare })).toBe('enter')
    expect(ask({ target, headers: { ...bare, 'sec-fetch-site': 'cross-site' } })).toEqual(REFUSED)
    expect(ask({ target, method: 'POST', headers: bare })).toEqual(REFUSED)
  })

  it('keeps the key in a cookie that scripts cannot read and other sites do not send', () => {
    expect(keyCookie(DOOR)).toBe('onepassword-source-console-8790=k3y_-; Path=/; HttpOnly; SameSite=Strict')
  })
})
