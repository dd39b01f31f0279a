import { expect, test } from 'vitest'
import { capacityOf } from './ledger.ts'

const pool = (Subnet: string, IPRange = '', Gateway = '') => capacityOf({ Subnet, IPRange, Gateway })

test.each([
  ['10.0.1.0/24', 253],
  ['10.10.0.0/16', 65_533],
  ['10.0.0.0/28', 13],
  ['10.0.0.0/29', 5],
  ['10.0.0.0/30', 1],
  ['10.0.0.0/31', 0],
  ['10.0.0.0/32', 0],
  ['fd00::/64', 0],
  ['', 0],
])('%s has %d addresses to hand out', (subnet, capacity) => {
  expect(pool(subnet)).toBe(capacity)
})

test('of a range only what lies in it is lost', () => {
  expect(pool('10.0.0.0/24', '10.0.0.0/25', '10.0.0.1')).toBe(126)
  expect(pool('10.0.0.0/24', '10.0.0.128/25', '10.0.0.1')).toBe(127)
  expect(pool('10.0.0.0/24', '10.0.0.64/26', '10.0.0.1')).toBe(64)
  expect(pool('10.0.0.0/24', '10.0.0.64/26', '10.0.0.65')).toBe(63)
})
