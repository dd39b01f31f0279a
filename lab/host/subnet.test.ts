import { describe, expect, test } from 'vitest'
import { freeSubnets } from './subnet.ts'

describe('freeSubnets', () => {
  test('are the 64 /30s of the range, in order', () => {
    const free = freeSubnets([])
    expect(free).toHaveLength(64)
    expect(free[0]).toEqual({ network: '198.51.100.0', gateway: '198.51.100.1', address: '198.51.100.2' })
    expect(free.at(-1)).toEqual({ network: '198.51.100.252', gateway: '198.51.100.253', address: '198.51.100.254' })
  })

  test.each([
    ['an address of the machine', ['198.51.100.1'], '198.51.100.4'],
    ['a route to a /30', ['198.51.100.0/30', '198.51.100.4/30'], '198.51.100.8'],
    ['a route to a half of the range', ['198.51.100.0/25'], '198.51.100.128'],
    ['a broadcast address', ['198.51.100.3'], '198.51.100.4'],
  ])('leave out what %s takes', (_, taken, first) => {
    expect(freeSubnets(taken)[0]?.network).toBe(first)
  })

  test('are none where the whole range is routed', () => {
    expect(freeSubnets(['198.51.0.0/16'])).toEqual([])
  })

  test('are not affected by the default route, by other networks, or by what is no IPv4 network', () => {
    expect(freeSubnets(['default', '0.0.0.0/0', '10.0.0.0/8', '198.51.101.0/24', 'fe80::1', ''])).toHaveLength(64)
  })
})
