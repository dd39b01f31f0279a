import { describe, expect, test } from 'vitest'
import { ago, judge, networkIn, only, type RawHost, verdictsOf } from '../test-host/green.ts'
import { liveSubnetIsIntended } from './live-subnet-is-intended.ts'
import { overlaysAreAllocated } from './overlays-are-allocated.ts'
import { overlaysAreClearOfHost } from './overlays-are-clear-of-host.ts'
import { overlaysDoNotOverlap } from './overlays-do-not-overlap.ts'
import { sharedNetworkIsThere } from './shared-network-is-there.ts'

const change = (name: string, fields: object) => (host: RawHost) => void Object.assign(networkIn(host, name), fields)
const withPools = (...Config: readonly object[]) => ({ IPAM: { Driver: 'default', Options: null, Config } })

function addOverlay(name: string, ...pools: readonly object[]) {
  return (host: RawHost): void => {
    const copy = { ...networkIn(host, 'proxy'), Name: name, Id: `id-of-${name}`, ...withPools(...pools) }
    Object.assign(host, { networks: [...host.networks, copy] })
  }
}

describe('the shared network is there', () => {
  test('its id and creation time are told', () => {
    const { verdict, actual } = only(judge(sharedNetworkIsThere))
    expect(verdict).toBe('pass')
    expect(actual).toMatch(/^overlay, scope swarm, attachable, id \w{25}, created 2026-11-20T13:04:/)
  })

  test('one that is missing fails, with the names of those that are there', () => {
    const judgement = only(judge(sharedNetworkIsThere, change('proxy', { Name: 'web' })))
    expect(judgement).toMatchObject({ verdict: 'fail', actual: expect.stringContaining('web') })
  })

  test('a bridge of the same name is not it', () => {
    const judgement = only(judge(sharedNetworkIsThere, change('proxy', { Driver: 'bridge', Scope: 'local' })))
    expect(judgement).toMatchObject({ verdict: 'fail', actual: 'driver bridge, scope local' })
  })

  test('attachable is as intended, either way', () => {
    const closed = change('proxy', { Attachable: false })
    expect(only(judge(sharedNetworkIsThere, closed))).toMatchObject({ verdict: 'fail' })
    const wish = { sharedNetwork: { attachable: false } }
    expect(only(judge(sharedNetworkIsThere, closed, wish))).toMatchObject({ verdict: 'pass' })
    expect(only(judge(sharedNetworkIsThere, undefined, wish))).toMatchObject({ verdict: 'fail' })
  })
})

describe('the live subnet is the intended one', () => {
  test('the same subnet passes, host bits or not', () => {
    expect(
      only(judge(liveSubnetIsIntended, undefined, { sharedNetwork: { subnets: ['10.10.3.0/16'] } })),
    ).toMatchObject({
      verdict: 'pass',
    })
  })

  test('the /24 of the incident fails', () => {
    const judgement = only(
      judge(liveSubnetIsIntended, change('proxy', withPools({ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }))),
    )
    expect(judgement).toMatchObject({ verdict: 'fail', expected: '10.10.0.0/16', actual: '10.0.1.0/24' })
  })

  test('of several subnets all are compared, in any order', () => {
    const two = change('proxy', withPools({ Subnet: '10.12.0.0/16' }, { Subnet: '10.11.0.0/16' }))
    const wish = (...subnets: string[]) => ({ sharedNetwork: { subnets } })
    expect(only(judge(liveSubnetIsIntended, two, wish('10.11.0.0/16', '10.12.0.0/16')))).toMatchObject({
      verdict: 'pass',
    })
    expect(only(judge(liveSubnetIsIntended, two, wish('10.11.0.0/16')))).toMatchObject({ verdict: 'fail' })
  })

  test('nothing intended is n/a, no network is unknown', () => {
    expect(only(judge(liveSubnetIsIntended, undefined, { sharedNetwork: {} }))).toMatchObject({ verdict: 'n/a' })
    expect(only(judge(liveSubnetIsIntended, change('proxy', { Name: 'web' })))).toMatchObject({ verdict: 'unknown' })
  })
})

describe('overlays are allocated', () => {
  test('one without driver and subnet fails, and is named', () => {
    const judgement = only(
      judge(overlaysAreAllocated, change('proxy', { Driver: '', IPAM: { Driver: '', Config: null } })),
    )
    expect(judgement).toMatchObject({
      verdict: 'fail',
      subject: expect.stringMatching(/^proxy \(/),
      actual: 'driver "", subnet none',
    })
  })

  test('one that was created a moment ago may still be given both', () => {
    const created = (secondsAgo: number) => (host: RawHost) =>
      change('proxy', { Driver: '', IPAM: { Driver: '', Config: null }, Created: ago(host, secondsAgo) })(host)
    expect(only(judge(overlaysAreAllocated, created(3)))).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(/3 s only/),
    })
    expect(only(judge(overlaysAreAllocated, created(11)))).toMatchObject({ verdict: 'fail' })
  })
})

describe('overlays do not overlap', () => {
  test('a network within another fails, and both are named', () => {
    const judgement = only(
      judge(overlaysDoNotOverlap, addOverlay('over', { Subnet: '10.10.4.0/24', IPRange: '10.10.4.0/25' })),
    )
    expect(judgement).toMatchObject({
      verdict: 'fail',
      subject: 'proxy and over',
      actual: expect.stringContaining('10.10.4.0/24 of over'),
    })
  })

  test('neighbours pass', () => {
    expect(only(judge(overlaysDoNotOverlap, addOverlay('next', { Subnet: '10.11.0.0/16' })))).toMatchObject({
      verdict: 'pass',
    })
  })

  test('three that overlap are three findings', () => {
    const three = (host: RawHost): void => {
      addOverlay('a', { Subnet: '10.10.4.0/24' })(host)
      addOverlay('b', { Subnet: '10.10.4.128/25' })(host)
    }
    expect(verdictsOf(judge(overlaysDoNotOverlap, three))).toEqual([
      'proxy and a: fail',
      'proxy and b: fail',
      'a and b: fail',
    ])
  })
})

describe('overlays are clear of the host', () => {
  const routes =
    (...added: readonly object[]) =>
    (host: RawHost): void => {
      const known: unknown[] = JSON.parse(host['host-routes'].stdout)
      Object.assign(host['host-routes'], { stdout: JSON.stringify([...known, ...added]) })
    }
  const address =
    (ifname: string, local: string, prefixlen: number) =>
    (host: RawHost): void => {
      const known: unknown[] = JSON.parse(host['host-addresses'].stdout)
      const link = { ifname, addr_info: [{ family: 'inet', local, prefixlen }] }
      Object.assign(host['host-addresses'], { stdout: JSON.stringify([...known, link]) })
    }

  test.each([
    ['a route within the subnet', routes({ dst: '10.10.77.0/24', dev: 'eth1' }), 'route 10.10.77.0/24 on eth1'],
    ['a host route', routes({ dst: '10.10.0.9', dev: 'tun0' }), 'route 10.10.0.9 on tun0'],
    [
      'a route to the same subnet',
      routes({ dst: '10.10.0.0/16', gateway: '198.51.100.1', dev: 'eth0' }),
      'route 10.10.0.0/16 via 198.51.100.1',
    ],
    [
      'a narrower route through a gateway',
      routes({ dst: '10.10.7.0/24', gateway: '198.51.100.1', dev: 'eth0' }),
      'route 10.10.7.0/24 via 198.51.100.1',
    ],
    ['an address as wide as a VPN', address('wg0', '10.200.0.1', 8), 'address 10.200.0.1/8 on wg0'],
    [
      'a blackhole in a numbered table',
      routes({ type: 'blackhole', dst: '10.10.5.0/24', table: 99 }),
      'route 10.10.5.0/24 (blackhole)',
    ],
    ['a bridge', address('br9', '10.10.77.1', 24), 'address 10.10.77.1/24 on br9'],
    ['an address alone', address('lo', '10.10.0.1', 32), 'address 10.10.0.1/32 on lo'],
  ])('%s fails', (_, change, by) => {
    const judgements = judge(overlaysAreClearOfHost, change)
    expect(judgements.find(({ subject }) => subject.startsWith('proxy'))).toMatchObject({
      verdict: 'fail',
      actual: `10.10.0.0/16 overlaps ${by}`,
    })
  })

  test.each([
    ['a default route', routes({ dst: 'default', gateway: '198.51.100.1', dev: 'eth0' })],
    [
      'the two halves that a VPN writes for it',
      routes({ dst: '0.0.0.0/1', dev: 'tun0' }, { dst: '128.0.0.0/1', dev: 'tun0' }),
    ],
    ['a neighbour', routes({ dst: '10.11.0.0/16', dev: 'eth1' })],
    ['IPv6', routes({ dst: 'fd00::/8', dev: 'eth1' })],
  ])('%s passes', (_, change) => {
    expect(only(judge(overlaysAreClearOfHost, change))).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    ['of a cloud', { dst: '10.0.0.0/8', gateway: '198.51.100.1', dev: 'eth0' }, 'via 198.51.100.1'],
    ['of a VPN without a gateway', { dst: '10.0.0.0/8', dev: 'wg0', table: '51820' }, 'on wg0'],
    [
      'with a gateway of IPv6',
      { dst: '10.0.0.0/8', via: { family: 'inet6', host: 'fe80::1' }, dev: 'eth0' },
      'via fe80::1',
    ],
    [
      'with two gateways',
      {
        dst: '10.0.0.0/8',
        nexthops: [
          { gateway: '198.51.100.1', dev: 'eth0' },
          { gateway: '198.51.100.9', dev: 'eth1' },
        ],
      },
      'via 198.51.100.1, 198.51.100.9',
    ],
    ['to nowhere', { type: 'blackhole', dst: '10.0.0.0/8' }, '(blackhole)'],
  ])('a wider route %s passes, and is named', (_, route, where) => {
    expect(only(judge(overlaysAreClearOfHost, routes(route)))).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining(`; ingress, proxy inside route 10.0.0.0/8 ${where}: what lies there`),
    })
  })

  test('a wider route to an interface that is itself in the subnet fails with it', () => {
    const judgement = only(
      judge(overlaysAreClearOfHost, (host) => {
        routes({ dst: '10.0.0.0/8', dev: 'wg0' })(host)
        address('wg0', '10.10.0.2', 32)(host)
      }),
    )
    expect(judgement).toMatchObject({
      verdict: 'fail',
      actual: '10.10.0.0/16 overlaps route 10.0.0.0/8 on wg0, address 10.10.0.2/32 on wg0',
    })
  })

  test('a bridge network of docker that is down counts', () => {
    const judgement = only(judge(overlaysAreClearOfHost, change('bridge', withPools({ Subnet: '10.10.9.0/24' }))))
    expect(judgement).toMatchObject({
      verdict: 'fail',
      actual: expect.stringContaining('bridge network bridge 10.10.9.0/24'),
    })
  })

  test('routes that cannot be asked are not judged', () => {
    expect(() =>
      judge(
        overlaysAreClearOfHost,
        (host) => void Object.assign(host['host-routes'], { exitCode: 127, stderr: 'no ip' }),
      ),
    ).toThrow(/no ip/)
  })
})
