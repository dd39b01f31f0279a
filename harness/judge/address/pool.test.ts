import { expect, test } from 'vitest'
import { parseAddress } from './cidr.ts'
import { handsOut, poolOf } from './pool.ts'

const pool = (Subnet: string, IPRange = '', Gateway = '') => poolOf({ Subnet, IPRange, Gateway })

test.each([
  ['10.0.1.0/24', 253],
  ['10.10.0.0/16', 65_533],
  ['10.0.0.0/28', 13],
  ['10.0.0.0/29', 5],
  ['10.0.0.0/30', 1],
  ['10.0.0.0/31', 1],
  ['10.0.0.0/32', 0],
])('%s has %d addresses to hand out', (subnet, capacity) => {
  expect(pool(subnet)?.capacity).toBe(capacity)
})

test.each(['fd00::/64', '', 'nonsense'])('%j is no IPv4 subnet', (subnet) => {
  expect(pool(subnet)).toBeUndefined()
})

test.each([
  ['10.0.0.0/25', '10.0.0.1', 126],
  ['10.0.0.128/25', '10.0.0.1', 127],
  ['10.0.0.64/26', '10.0.0.1', 64],
  ['10.0.0.64/26', '10.0.0.65', 63],
  ['10.0.0.64/26', '', 63],
  ['10.0.0.0/24', '10.0.0.254', 253],
])('of a /24 with the range %s and the gateway %j, %d', (range, gateway, capacity) => {
  expect(pool('10.0.0.0/24', range, gateway)?.capacity).toBe(capacity)
})

test('what nobody is given is named', () => {
  expect(pool('10.0.0.0/24', '10.0.0.64/26', '10.0.0.9')).toMatchObject({
    range: '10.0.0.64/26',
    gateway: '10.0.0.9',
    reserved: ['10.0.0.0', '10.0.0.9', '10.0.0.255'],
  })
})

test.each([
  ['10.0.0.64', true],
  ['10.0.0.127', true],
  ['10.0.0.63', false],
  ['10.0.0.70', false],
  ['10.0.1.2', true],
  ['10.0.1.255', false],
])('of two subnets, one with a range, %s is handed out: %j', (address, wanted) => {
  const pools = [pool('10.0.0.0/24', '10.0.0.64/26', '10.0.0.70'), pool('10.0.1.0/24')].flatMap((one) => one ?? [])
  expect(handsOut(pools)(parseAddress(address) ?? 0)).toBe(wanted)
})
