import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isIpAddress } from '../../../../shared/domain/ocsf/ip-address.ts'
import { examples } from '../../../support/examples.ts'

it.each([
  '10.0.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::1',
  '1::',
  '2001:db8::8a2e:370:7334',
  '2001:0db8:0000:0000:0000:8a2e:0370:7334',
  '1:2:3:4:5:6:7::',
  '::ffff:10.0.0.1',
])('%s is an address', text => {
  expect(isIpAddress(text)).toBe(true)
})

it.each([
  '',
  'a',
  '10.0.0',
  '10.0.0.256',
  '10.0.0.01',
  '10.0.0.1.1',
  '10.0.0.1:443',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4::5:6:7:8',
  '12345::',
  'g::',
  'fe80::1%eth0',
  '::10.0.0.256',
  '1:2:3:4:5:6:7:10.0.0.1',
])('%s is no address', text => {
  expect(isIpAddress(text)).toBe(false)
})

it('takes no address of more than 40 characters', () => {
  const longest = '1111:2222:3333:4444:5555:6666:10.0.0.100'
  expect(longest).toHaveLength(40)
  expect(isIpAddress(longest)).toBe(true)
  expect(isIpAddress('1111:2222:3333:4444:5555:6666:10.0.100.100')).toBe(false)
})

it('takes what Node takes', () => {
  const near = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom('1', 'f', ':', '::', '.', '0'), maxLength: 20 }),
  )
  fc.assert(
    fc.property(
      near.filter(text => text.length <= 40),
      text => {
        expect(isIpAddress(text)).toBe(isIP(text) !== 0)
      },
    ),
    { numRuns: examples(2_000) },
  )
})
