import { describe, expect, test } from 'vitest'
import { contains, formatAddress, formatCidr, overlaps, parseAddress, parseCidr, sizeOf } from './cidr.ts'

const cidr = (text: string) => {
  const parsed = parseCidr(text)
  if (parsed === undefined) throw new Error(`not a subnet: ${text}`)
  return parsed
}

describe('IPv4 addresses', () => {
  test.each(['0.0.0.0', '10.10.0.2', '127.255.255.255', '198.51.100.7', '255.255.255.255'])(
    '%s survives a round trip',
    (text) => {
      expect(formatAddress(parseAddress(text) ?? -1)).toBe(text)
    },
  )

  test('an address may carry its prefix', () => {
    expect(parseAddress('10.10.0.2/16')).toBe(parseAddress('10.10.0.2'))
  })

  test.each([
    '',
    '10.10.0',
    '10.10.0.256',
    '10.10.0.-1',
    '10.10.0.1.2',
    'fe80::1',
    '10.10.0.x',
    ' 10.0.0.1',
    '1e1.0.0.0',
  ])('"%s" is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })
})

describe('IPv4 subnets', () => {
  test('host bits are cleared', () => {
    expect(formatCidr(cidr('10.10.3.7/16'))).toBe('10.10.0.0/16')
    expect(formatCidr(cidr('255.255.255.255/1'))).toBe('128.0.0.0/1')
  })

  test('an address alone is a subnet of one', () => {
    expect(cidr('172.17.0.1')).toEqual(cidr('172.17.0.1/32'))
  })

  test.each(['default', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'fd00::/64', '10.0.0/8', '10.0.0.0/-1'])(
    '"%s" is no subnet',
    (text) => {
      expect(parseCidr(text)).toBeUndefined()
    },
  )

  test('sizes are right at both ends', () => {
    expect([32, 31, 24, 16, 1, 0].map(sizeOf)).toEqual([1, 2, 256, 65_536, 2_147_483_648, 4_294_967_296])
  })

  test('a subnet holds its first and last address, and not their neighbours', () => {
    const subnet = cidr('10.10.4.0/22')
    const holds = (text: string) => contains(subnet, parseAddress(text) ?? -1)
    expect(['10.10.4.0', '10.10.7.255'].map(holds)).toEqual([true, true])
    expect(['10.10.3.255', '10.10.8.0'].map(holds)).toEqual([false, false])
  })

  test.each([
    ['10.0.0.0/8', '10.10.0.0/16', true],
    ['10.10.0.0/16', '10.0.0.0/8', true],
    ['10.10.0.0/16', '10.10.255.255/32', true],
    ['10.10.0.0/16', '10.11.0.0/16', false],
    ['10.0.1.0/24', '10.0.0.0/24', false],
    ['0.0.0.0/0', '198.51.100.0/24', true],
    ['128.0.0.0/1', '127.0.0.0/8', false],
  ])('%s and %s: overlap is %s', (a, b, expected) => {
    expect(overlaps(cidr(a), cidr(b))).toBe(expected)
  })
})
