import { describe, expect, test } from 'vitest'
import { only, the } from '../test-host/green.ts'
import { freeSubnets } from './free-subnets.ts'
import { roomForStacks } from './room-for-stacks.ts'
import { judgeQuiet, type QuietHost } from './testing/quiet-host.ts'

const judge = (throwaway: object = {}, change?: (host: QuietHost) => void) =>
  only(judgeQuiet(roomForStacks, change, { throwaway }))
const network = (host: QuietHost, name: string) => the(host['quiet-swarm'].networks.find(({ Name }) => Name === name))
const noRoom = { verdict: 'blocked', code: 'NO_ROOM' }

function resize(name: string, Subnet: string) {
  return (host: QuietHost) => void Object.assign(network(host, name).IPAM, { Config: [{ Subnet }] })
}

test('what will be taken is told in one line, beside what is free at most', () => {
  const { verdict, actual } = judge({ stacks: 24, atOnce: 8 })
  expect(verdict).toBe('pass')
  // 65,533 that can be handed out, less five VIPs, five tasks and the node.
  expect(actual).toBe(
    '24 stacks, 8 at once: 16 addresses on proxy, at most 65,522 free; 16 addresses on ingress, at most 252 free; ' +
      '8 networks of their own, /24, of 65,279 that can be given; 8 services and 8 containers of 32 MiB; ' +
      '8 ports of 28100 to 28199 (ingress mode); until all have run 3 min at most; each container ends by itself after 15 min',
  )
})

test('no more stacks are there at once than there are in all', () => {
  expect(judge({ stacks: 1, atOnce: 8 }).actual).toMatch(/^1 stack, 1 at once: 2 addresses on proxy/)
})

test('ports in host mode take nothing of ingress', () => {
  expect(judge({ publish: { mode: 'host' } }).actual).not.toContain('on ingress')
})

test('the load balancer of a node that has nothing on the network yet counts', () => {
  const empty = (host: QuietHost) => {
    host['quiet-swarm'].tasks = []
    host['quiet-swarm'].services = []
  }
  expect(judge({}, empty).actual).toContain('5 addresses on proxy, at most 65,533 free; 4 addresses on ingress')
})

test('with constraints each active node may be given one, but no more than there are stacks', () => {
  const nodes = (host: QuietHost) => {
    const first = the(host['quiet-swarm'].nodes[0])
    const more = ['b', 'c', 'd'].map((ID) => ({ ...first, ID }))
    host['quiet-swarm'].nodes.push(...more)
  }
  expect(judge({ atOnce: 3, stacks: 9 }, nodes).actual).toContain(': 6 addresses on proxy')
  expect(judge({ atOnce: 2, constraints: ['node.labels.x==1'] }, nodes).actual).toContain(': 6 addresses on proxy')
})

describe('there is no room', () => {
  test('where it would take too large a share', () => {
    // 29 can be handed out, 11 are held.
    expect(judge({ stacks: 4, atOnce: 4, minFree: 0 }, resize('proxy', '10.10.0.0/27'))).toMatchObject({
      ...noRoom,
      reason: expect.stringMatching(/^8 of 18 free are more than 25 % on proxy \(\w+\)$/),
    })
    const { verdict } = judge({ stacks: 4, atOnce: 2, minFree: 0 }, resize('proxy', '10.10.0.0/27'))
    expect(verdict).toBe('pass')
  })

  test('where too few would stay free', () => {
    const wish = { maxSharePercent: 100, minFree: 15 }
    expect(judge(wish, resize('proxy', '10.10.0.0/27'))).toMatchObject({
      ...noRoom,
      reason: expect.stringMatching(/^only 14 would stay free on proxy \(\w+\)$/),
    })
    expect(judge({ ...wish, minFree: 14 }, resize('proxy', '10.10.0.0/27')).verdict).toBe('pass')
  })

  test('on ingress alone', () => {
    expect(judge({ publish: { mode: 'ingress' } }, resize('ingress', '10.0.0.0/28')).reason).toContain('on ingress (')
    expect(judge({ publish: { mode: 'host' } }, resize('ingress', '10.0.0.0/28')).verdict).toBe('pass')
  })

  test('where the network is full, or not there', () => {
    expect(judge({}, resize('proxy', '10.10.0.0/29'))).toMatchObject({
      ...noRoom,
      actual: expect.stringContaining('on proxy, at most 0 free'),
    })
    expect(judge({}, (host) => void Object.assign(network(host, 'proxy'), { Name: 'web' }))).toMatchObject({
      ...noRoom,
      reason: 'there is no overlay proxy to put them on',
    })
  })

  test('where the Swarm has no subnet left to give, or only ones that are too small', () => {
    const pools = (DefaultAddrPool: string[], SubnetSize: number) => (host: QuietHost) =>
      void Object.assign(host['quiet-swarm'].info.Swarm.Cluster, { DefaultAddrPool, SubnetSize })
    expect(judge({}, pools(['10.10.0.0/16'], 24))).toMatchObject({
      ...noRoom,
      reason: expect.stringContaining('have 0 subnets left for 2 networks'),
    })
    expect(judge({}, pools(['10.64.0.0/16'], 30))).toMatchObject({
      ...noRoom,
      reason: "a /30 from the Swarm's address pools is too small for a stack",
    })
    const untold = (host: QuietHost) =>
      void Object.assign(host['quiet-swarm'].info.Swarm.Cluster, { DefaultAddrPool: [] })
    expect(judge({}, untold).verdict).toBe('unknown')
    const notChosen = (host: QuietHost) =>
      void Object.assign(host['quiet-swarm'].info.Swarm.Cluster, { DefaultAddrPool: null })
    expect(judge({}, notChosen).verdict).toBe('pass')
  })
})

test('subnets that lie in a pool, hold it, or lie elsewhere', () => {
  const overlay = (Subnet: string) => ({
    Id: Subnet,
    Name: Subnet,
    Created: '',
    Scope: 'swarm',
    Driver: 'overlay',
    Attachable: false,
    Ingress: false,
    IPAM: { Driver: '', Config: [{ Subnet, Gateway: '', IPRange: '' }] },
  })
  const free = (pools: string[], ...subnets: string[]) => freeSubnets(subnets.map(overlay), pools, 24)?.free
  expect(free(['10.0.0.0/16'])).toBe(256)
  // At the very beginning of the pool, too.
  expect(free(['10.0.0.0/16'], '10.0.0.0/24', '10.0.4.0/23', '10.0.8.0/28')).toBe(252)
  expect(free(['10.0.0.0/16'], '10.1.0.0/16')).toBe(256)
  expect(free(['10.0.0.0/16'], '10.0.0.0/8')).toBe(0)
  expect(free(['10.0.0.0/16', '10.2.0.0/24'], '10.0.0.0/16')).toBe(1)
  expect(free([], '10.0.0.0/16')).toBeUndefined()
})
