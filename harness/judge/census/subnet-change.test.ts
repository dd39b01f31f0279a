import { expect, test } from 'vitest'
import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import type { NetworkCensus } from '../address/network-census.ts'
import type { LeakPoint, Projection } from '../address/projection.ts'
import { subnetChange } from './subnet-change.ts'

const found = (subnet: string, capacity: number): NetworkCensus => ({
  ...{ id: 'new0id', name: 'proxy', ingress: false, subnets: [subnet], transient: [], unconfirmed: [] },
  ledger: {
    ...{ pools: [], capacity, reserved: 3, holders: [], held: 0, free: capacity, percent: 0, engine: undefined },
    tally: { vip: 0, task: 0, attached: 0, balancer: 0 },
  },
  ...{ free: { count: capacity, isExact: true }, leaked: { state: 'exact', addresses: [] } },
})

const rate = (likely: number): Projection => ({
  ...{ state: 'known', perDay: { likely, least: likely, most: likely }, basis: '4 censuses' },
})
const open: Projection = { state: 'unknown', why: 'too few' }

function earlier(Id: string, Name: string, Subnet: string): AddressCensus {
  const network = {
    ...{ Id, Name, Created: '', Scope: 'swarm', Driver: 'overlay', Attachable: true, Ingress: false },
    IPAM: { Driver: 'default', Config: [{ Subnet, Gateway: '', IPRange: '' }] },
  }
  const lists = { nodes: [], services: [], tasks: [], attached: [], balancers: [], balancersOf: [], counts: {} }
  const reading = { startedAt: '', endedAt: '', networks: [network], ...lists, moved: false }
  return { readings: [reading], walks: [], allocator: { leader: 'node-1' } }
}

const points = (leaked: readonly number[]): readonly LeakPoint[] =>
  leaked.map((count, day) => ({
    ...{ at: new Date(Date.UTC(2026, 10, 1 + day)).toISOString(), leaked: count, free: 253 - count, allocator: 'a' },
  }))

const of = (given: Partial<Parameters<typeof subnetChange>[0]>) =>
  subnetChange({
    ...{ found: found('10.10.0.0/16', 65_533), projection: open, earlier: [], pointsOf: () => [], ...given },
  })

test('a /24 that leaks is held against a /16', () => {
  const change = of({ found: found('10.10.0.0/24', 253), projection: rate(23) })
  expect(change).toMatchObject({ isMade: false, from: '10.10.0.0/24', to: '/16', before: 11, perDay: 23 })
  expect(change?.after).toBeCloseTo(65_533 / 23)
})

test('a change that was made is told by the rate before it, until there is one after it', () => {
  const before = [earlier('old0id', 'proxy', '10.10.0.0/24')]
  const pointsOf = (id: string) => (id === 'old0id' ? points([0, 10, 20, 30]) : [])
  const made = { isMade: true, from: '10.10.0.0/24', to: '10.10.0.0/16' }
  expect(of({ earlier: before, pointsOf })).toMatchObject({ ...made, perDay: 10, before: 25.3, after: 6553.3 })
  expect(of({ earlier: before, pointsOf, projection: rate(1) })).toMatchObject({ ...made, perDay: 1, before: 253 })
})

test.each([
  ['no rate is known', { found: found('10.10.0.0/24', 253) }],
  ['nothing leaks', { found: found('10.10.0.0/24', 253), projection: rate(0) }],
  ['it is a /16 already', { projection: rate(23) }],
  ['it has no IPv4 address', { found: found('fd00::/64', 0), projection: rate(23) }],
  [
    'the one before had the same subnet',
    { earlier: [earlier('old0id', 'proxy', '10.10.0.0/16')], projection: rate(2) },
  ],
  ['another network had another', { earlier: [earlier('old0id', 'shop', '10.10.0.0/24')], projection: rate(2) }],
  ['of the one before no rate is known', { earlier: [earlier('old0id', 'proxy', '10.10.0.0/24')] }],
  [
    'nothing leaks any more',
    {
      ...{ earlier: [earlier('old0id', 'proxy', '10.10.0.0/24')], projection: rate(0) },
      pointsOf: () => points([0, 10, 20]),
    },
  ],
] as const)('nothing is said where %s', (_, given) => {
  expect(of(given)).toBeUndefined()
})
