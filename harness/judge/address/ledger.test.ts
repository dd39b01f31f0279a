import { describe, expect, test } from 'vitest'
import type { Network } from '../../model/facts/networks.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { services } from '../../model/facts/services.ts'
import { tasks } from '../../model/facts/tasks.ts'
import type { AddressLists } from './holders.ts'
import { ledgerOf } from './ledger.ts'

const at = '2026-11-20T10:00:00.000Z'

function overlay(Config: readonly object[] | null, more: object = {}): Network {
  const raw = { Id: 'n1', Name: 'proxy', Created: at, Scope: 'swarm', Driver: 'overlay', IPAM: { Config }, ...more }
  const [network] = networks.schema.parse([raw])
  if (network === undefined) throw new Error('no network')
  return network
}

const node = (ID: string, State = 'ready') => ({
  ID,
  UpdatedAt: at,
  Spec: { Role: 'worker', Availability: 'active' },
  Description: { Hostname: ID },
  Status: { State },
})
const task = (State: string, more: object = {}) => ({
  ID: `task-${State}`,
  CreatedAt: at,
  ServiceID: 's1',
  NodeID: 'one',
  DesiredState: 'running',
  Status: { Timestamp: at, State },
  NetworksAttachments: [{ Network: { ID: 'n1' }, Addresses: ['10.0.1.9/24'] }],
  ...more,
})
const service = (VirtualIPs: readonly object[], Name = 'web') => ({
  ID: 's1',
  CreatedAt: at,
  UpdatedAt: at,
  Spec: { Name, TaskTemplate: {}, Mode: { Replicated: { Replicas: 0 } } },
  Endpoint: { VirtualIPs },
})

interface Given extends Partial<Pick<AddressLists, 'balancers' | 'balancersOf' | 'counts'>> {
  readonly nodes?: readonly object[]
  readonly services?: readonly object[]
  readonly tasks?: readonly object[]
  readonly attached?: readonly object[]
}

function ledger(given: Given, network: Network = overlay([{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }])) {
  const lists = {
    ...given,
    nodes: nodes.schema.parse(given.nodes ?? [node('one')]),
    services: services.schema.parse(given.services ?? []),
    tasks: tasks.schema.parse(given.tasks ?? []),
    attached: tasks.schema.parse(given.attached ?? []),
  }
  return ledgerOf(lists, network)
}

const kinds = (given: Given, network?: Network) => ledger(given, network).holders.map(({ kind }) => kind)

describe('who holds an address', () => {
  test('a service without replicas holds its VIP, one on each network', () => {
    const both = [
      { NetworkID: 'n1', Addr: '10.0.1.2/24' },
      { NetworkID: 'n2', Addr: '10.0.2.2/24' },
    ]
    expect(ledger({ services: [service(both)] }).holders).toEqual([
      { kind: 'vip', address: '10.0.1.2', who: 'the VIP of web', nodeId: '' },
    ])
  })

  test.each([
    ['dnsrr', []],
    ['not served yet', [{ NetworkID: 'n1' }]],
  ])('a service that is %s holds none', (_, vips) => {
    expect(kinds({ services: [service(vips)] })).toEqual([])
  })

  test.each([
    'new',
    'pending',
    'assigned',
    'accepted',
    'preparing',
    'ready',
    'starting',
    'running',
    'a state of the future',
  ])('a task that is %s holds its address', (state) => {
    expect(kinds({ tasks: [task(state)] })).toEqual(['task', 'balancer'])
  })

  test.each(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'])(
    'a task that is %s has given it back, and the load balancer of its node with it',
    (state) => {
      expect(kinds({ tasks: [task(state)] })).toEqual([])
    },
  )

  test('a task that is to end holds it until it has', () => {
    const { holders } = ledger({ tasks: [task('running', { DesiredState: 'shutdown' })] })
    expect(holders[0]).toMatchObject({ who: 'task task-running of a removed service', note: 'until it has stopped' })
  })

  test('a task on a node that is down holds it for 24 h at most', () => {
    const { holders } = ledger({ nodes: [node('one', 'down')], tasks: [task('running')] })
    expect(holders[0]?.note).toBe(
      'until one, which is down, is back or removed, or else the engine gives it up by 2026-11-21T10:00:00.000Z (24 h)',
    )
    expect(holders.map(({ kind }) => kind)).toEqual(['task', 'balancer'])
  })

  test('a task without a node has no load balancer beside it', () => {
    expect(kinds({ tasks: [task('pending', { NodeID: '' })] })).toEqual(['task'])
  })

  test('a task that waits for its address on a node already has the load balancer', () => {
    const waiting = task('new', { NetworksAttachments: [{ Network: { ID: 'n1' }, Addresses: null }] })
    expect(kinds({ tasks: [waiting] })).toEqual(['balancer'])
  })

  test('an attached container on another node holds an address, and so does the load balancer there', () => {
    const attached = [task('running', { ID: 'a1', ServiceID: '', NodeID: 'two' })]
    expect(ledger({ nodes: [node('one'), node('two')], attached }).holders).toEqual([
      { kind: 'attached', address: '10.0.1.9', who: 'an attached container (task a1)', nodeId: 'two' },
      { kind: 'balancer', who: 'the load balancer of node two', nodeId: 'two' },
    ])
  })

  test('on ingress every node has a load balancer, those that are down too', () => {
    const ingress = overlay([{ Subnet: '10.0.1.0/24' }], { Ingress: true })
    const given = { nodes: [node('one'), node('two', 'down'), node('three')], balancersOf: ['one'] }
    const balancers = [{ networkId: 'n1', nodeId: 'one', address: '10.0.1.2' }]
    const { holders, held } = ledger({ ...given, balancers }, ingress)
    expect(holders.map(({ nodeId, address }) => [nodeId, address])).toEqual([
      ['one', '10.0.1.2'],
      ['two', undefined],
      ['three', undefined],
    ])
    expect(held).toBe(3)
  })

  test('on ingress it has one all the same: for seconds after a start of dockerd it does not show', () => {
    const ingress = overlay([{ Subnet: '10.0.1.0/24' }], { Ingress: true })
    const given = { nodes: [node('one')], balancersOf: ['one'], balancers: [] }
    expect(ledger(given, ingress).holders).toMatchObject([{ kind: 'balancer', nodeId: 'one' }])
  })

  test('a node that was asked and names no load balancer has none, unless it has yet to make it', () => {
    expect(kinds({ tasks: [task('running')], balancersOf: ['one'] })).toEqual(['task'])
    expect(kinds({ tasks: [task('preparing')], balancersOf: ['one'] })).toEqual(['task', 'balancer'])
  })
})

describe('what is left', () => {
  const vips = (...addresses: readonly string[]) =>
    addresses.map((Addr, index) => ({ ...service([{ NetworkID: 'n1', Addr }]), ID: `s${index}` }))

  test('an address that is held twice is gone once', () => {
    const { held, free, tally } = ledger({ services: vips('10.0.1.2/24', '10.0.1.2/24', '10.0.1.3/24') })
    expect({ held, free, tally }).toEqual({ held: 2, free: 251, tally: { vip: 3, task: 0, attached: 0, balancer: 0 } })
  })

  test('several subnets add up', () => {
    const two = overlay([
      { Subnet: '10.0.1.0/30', Gateway: '10.0.1.1' },
      { Subnet: '10.0.2.0/29', Gateway: '10.0.2.1' },
    ])
    const { capacity, reserved, free, percent } = ledger({ services: vips('10.0.1.2/30', '10.0.2.2/29') }, two)
    expect({ capacity, reserved, free, percent }).toMatchObject({ capacity: 6, reserved: 6, free: 4 })
  })

  test('an address outside the range takes nothing of it', () => {
    const ranged = overlay([{ Subnet: '10.0.1.0/24', IPRange: '10.0.1.64/30', Gateway: '10.0.1.1' }])
    const { held, capacity, free } = ledger({ services: vips('10.0.1.9/24', '10.0.1.65/24') }, ranged)
    expect({ held, capacity, free }).toEqual({ held: 2, capacity: 4, free: 3 })
  })

  test('more than there is leaves none', () => {
    const tiny = overlay([{ Subnet: '10.0.1.0/30', Gateway: '10.0.1.1' }])
    const { free, percent } = ledger({ services: vips('10.0.1.2/30'), tasks: [task('running')] }, tiny)
    expect({ free, percent }).toMatchObject({ free: 0, percent: 300 })
  })

  test('IPv6 alone is no full network', () => {
    const { capacity, held, free, percent } = ledger(
      { services: vips('fd77::2/64') },
      overlay([{ Subnet: 'fd77::/64' }]),
    )
    expect({ capacity, held, free, percent }).toEqual({ capacity: 0, held: 1, free: 0, percent: undefined })
  })

  test.each([[null], [[]]])('with the subnets %j there is nothing to count', (config) => {
    expect(ledger({}, overlay(config))).toMatchObject({ capacity: 0, percent: undefined, pools: [] })
  })
})

describe("the engine's own count", () => {
  const counted = (inUse: number, free: number) => ({ n1: { '10.0.1.0/24': { inUse, free } } })
  const services = [service([{ NetworkID: 'n1', Addr: '10.0.1.2/24' }])]

  test.each([
    [4, 0],
    [9, 5],
    [3, -1],
  ])('%d in use with one holder: %d unexplained', (inUse, unexplained) => {
    expect(ledger({ services, counts: counted(inUse, 256 - inUse) }).engine).toEqual({
      inUse,
      free: 256 - inUse,
      unexplained,
    })
  })

  test('one that is not there, or only for a part, is none', () => {
    expect(ledger({ services }).engine).toBeUndefined()
    const two = overlay([{ Subnet: '10.0.1.0/24' }, { Subnet: '10.0.2.0/24' }])
    expect(ledger({ services, counts: counted(4, 252) }, two).engine).toBeUndefined()
  })
})
