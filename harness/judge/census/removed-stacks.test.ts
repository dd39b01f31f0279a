import { expect, test } from 'vitest'
import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import { removedStacks } from './removed-stacks.ts'

interface Wish {
  readonly networks?: readonly string[]
  readonly vips?: readonly string[]
}

function service(ID: string, stack: string | undefined, { networks = ['proxy'], vips = [] }: Wish = {}) {
  return {
    ...{ ID, CreatedAt: '', UpdatedAt: '' },
    Spec: {
      Name: ID,
      Labels: stack === undefined ? null : { 'com.docker.stack.namespace': stack },
      TaskTemplate: { Networks: networks.map((Target) => ({ Target })) },
      Mode: {},
    },
    Endpoint: { VirtualIPs: vips.map((NetworkID) => ({ NetworkID, Addr: '' })) },
  }
}

function reading(services: AddressReading['services'], tasks: AddressReading['tasks'] = []): AddressReading {
  return {
    ...{ startedAt: '', endedAt: '', networks: [], nodes: [], services, tasks, attached: [] },
    ...{ balancers: [], balancersOf: [], counts: {}, moved: false },
  }
}

const census = (...readings: readonly AddressReading[]): AddressCensus => ({
  ...{ readings: [...readings], walks: [], allocator: { leader: 'node-1' } },
})
const on = (censuses: readonly AddressCensus[], network = 'proxy') =>
  removedStacks(censuses).map((gone) => gone.get(network) ?? 0)

test('a stack of which nothing is left was removed; a service without a stack is none', () => {
  const [shop, blog, alone] = [service('s1', 'shop'), service('b1', 'blog'), service('a1', undefined)]
  expect(on([census(reading([shop, blog, alone])), census(reading([blog])), census(reading([]))])).toEqual([0, 1, 1])
})

test('one that lost a service, or was updated, was not', () => {
  const before = reading([service('s1', 'shop'), service('s2', 'shop')])
  expect(on([census(before), census(reading([service('s2', 'shop'), service('s3', 'shop')]))])).toEqual([0, 0])
})

test('one that was deployed again by its name was', () => {
  const again = census(reading([service('s2', 'shop')]))
  expect(on([census(reading([service('s1', 'shop')])), again, again])).toEqual([0, 1, 0])
})

test('one whose tasks still hold addresses is not gone until they end', () => {
  const task = (State: string): AddressReading['tasks'][number] => ({
    ...{ ID: 't1', ServiceID: 's1', NodeID: 'node-1', CreatedAt: '', UpdatedAt: '', DesiredState: 'remove' },
    ...{ Status: { State, Timestamp: '', Message: '', Err: '' }, NetworksAttachments: null, Spec: {} },
  })
  const there = census(reading([service('s1', 'shop')]))
  expect(on([there, census(reading([], [task('running')])), census(reading([], [task('shutdown')]))])).toEqual([
    0, 0, 1,
  ])
})

test('only those on the network count, `ingress` by its virtual addresses; a reading within a census counts, too', () => {
  const shop = service('s1', 'shop', { networks: ['own'], vips: ['own', 'ingress'] })
  const course = [census(reading([shop]), reading([]))]
  expect([on(course), on(course, 'own'), on(course, 'ingress')]).toEqual([[0], [1], [1]])
})
