import type { LookupAddress } from 'node:dns'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outsideHttp } from '../../../shared/adapters/outside-http.ts'
import { isPublicAddress } from '../../../shared/adapters/public-address.ts'
import { startLoopback } from '../../support/loopback.ts'

describe('an address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.0.1'])(
    'is public: %s',
    address => expect(isPublicAddress(address)).toBe(true),
  )
  it.each(['172.32.0.0', '192.167.255.255', '192.169.0.0', '169.253.255.255', '223.255.255.255'])(
    'is public: %s',
    address => expect(isPublicAddress(address)).toBe(true),
  )
  it.each(['2600:1f18::1', '2a05:d018::1', '2001:4860:4860::8888'])('is public: %s', address =>
    expect(isPublicAddress(address)).toBe(true),
  )

  it.each([
    ...[
      '0.0.0.0',
      '10.0.0.0',
      '10.255.255.255',
      '100.64.0.0',
      '100.127.255.255',
      '127.0.0.1',
      '127.255.255.255',
    ],
    ...['169.254.0.0', '169.254.169.254', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
    ...[
      '192.0.0.8',
      '192.0.2.1',
      '192.88.99.1',
      '198.18.0.1',
      '198.19.255.255',
      '198.51.100.1',
      '203.0.113.1',
    ],
    ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fdff::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1'],
    ...[
      '::ffff:10.0.0.1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:8.8.8.8',
      '::10.0.0.1',
      '64:ff9b::a00:1',
    ],
    ...['2001::1', '2001:db8::1', '2002:a00:1::', '2002:7f00:1::1', '3fff::1', '100::1'],
    ...['', 'x', 'localhost', '1.2.3', '0x7f000001', '2130706433', '127.1'],
  ])('is not public: %j', address => expect(isPublicAddress(address)).toBe(false))

  it('that is written in another way means the same', () => {
    fc.assert(
      fc.property(fc.ipV4(), address => {
        const mapped = `::ffff:${address}`
        expect(isPublicAddress(mapped)).toBe(false)
      }),
    )
  })
})

describe('a request to a destination', () => {
  const send = (url: string, addresses: LookupAddress[] = []) =>
    outsideHttp({
      isLoopbackAllowed: false,
      resolve: (_host, _options, done) => done(null, addresses),
    })({ url: new URL(url), headers: {}, body: new Uint8Array(), timeoutMs: 2_000 })

  it.each([
    [[{ address: '127.0.0.1', family: 4 }]],
    [[{ address: '169.254.169.254', family: 4 }]],
    [[{ address: '::1', family: 6 }]],
    [
      [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    ],
  ])('is not sent to a name that leads to %j', async addresses => {
    await expect(send('https://public.example/', addresses)).rejects.toMatchObject({
      fact: { reason: 'address' },
    })
  })

  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://127.1/',
    'https://169.254.169.254/latest/meta-data/',
    'http://8.8.8.8/',
    'http://127.0.0.1/',
  ])('is not sent to %s', async url => {
    await expect(send(url)).rejects.toMatchObject({ fact: { reason: 'address' } })
  })

  it('is checked when it connects, so that the address that was checked is the one in use', async () => {
    let requests = 0
    const server = await startLoopback((_request, response) => {
      requests++
      response.end()
    })
    let lookups = 0
    const request = outsideHttp({
      isLoopbackAllowed: false,
      resolve: (_host, _options, done) => {
        lookups++
        done(null, [{ address: '127.0.0.1', family: 4 }])
      },
    })
    const url = new URL(server.url.replace('http://127.0.0.1', 'https://rebinding.example'))
    const sending = request({ url, headers: {}, body: new Uint8Array(), timeoutMs: 2_000 })
    await expect(sending).rejects.toMatchObject({ fact: { reason: 'address' } })
    expect({ lookups, requests }).toEqual({ lookups: 1, requests: 0 })
    await server.close()
  })

  it('to this machine is sent only if that is allowed, and only by its address', async () => {
    const server = await startLoopback((_request, response) => response.end('here'))
    const local = outsideHttp({ isLoopbackAllowed: true })
    const request = { headers: {}, body: new Uint8Array(), timeoutMs: 2_000 }
    expect(await local({ ...request, url: new URL(server.url) })).toMatchObject({ status: 200, body: 'here' })
    const named = new URL(server.url.replace('127.0.0.1', 'localhost'))
    await expect(local({ ...request, url: named })).rejects.toMatchObject({ fact: { reason: 'address' } })
    await server.close()
  })

  it('after a pause, in which the server has closed the connection, is sent over another one', async () => {
    let requests = 0
    const server = await startLoopback((request, response) => {
      requests++
      response.end(() => setTimeout(() => request.socket.resetAndDestroy(), 5))
    })
    const local = outsideHttp({ isLoopbackAllowed: true })
    const request = { url: new URL(server.url), headers: {}, body: new Uint8Array(), timeoutMs: 2_000 }
    for (let i = 0; i < 5; i++) {
      expect((await local(request)).status).toBe(200)
      if (i % 2) await new Promise(resolve => setTimeout(resolve, 20))
    }
    expect(requests).toBeGreaterThanOrEqual(5)
    await server.close()
  })
})
