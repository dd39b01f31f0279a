import { describe, expect, test } from 'vitest'
import { ago, judge, networkIn, only, type RawHost, serviceIn, taskIn, the } from '../test-host/green.ts'
import { addressesAreHeldOnce } from './addresses-are-held-once.ts'
import { otherOverlaysHaveRoom } from './other-overlays-have-room.ts'
import { servicesHaveAddresses } from './services-have-addresses.ts'
import { sharedNetworkHasRoom } from './shared-network-has-room.ts'

const resize = (name: string, Subnet: string) => (host: RawHost) =>
  void Object.assign(networkIn(host, name).IPAM, { Config: [{ Subnet }] })
const vipOf = (host: RawHost, name: string) => the(serviceIn(host, name).Endpoint.VirtualIPs[0])

describe('the shared network has room', () => {
  test('holders are counted by kind, and the count is called a lower bound', () => {
    const { verdict, actual } = only(judge(sharedNetworkHasRoom))
    expect(verdict).toBe('pass')
    expect(actual).toBe(
      'at least 12 of 65,533 addresses held (0.02 %): 5 VIPs, 5 tasks, 1 attached container, 1 load balancer; leaked ones are not seen here',
    )
  })

  test.each([
    ['10.10.0.0/27', 'pass'], // 12 of 29: 41 %
    ['10.10.0.0/28', 'fail'], // 12 of 13: 92 %
  ])('in a %s: %s', (subnet, verdict) => {
    expect(only(judge(sharedNetworkHasRoom, resize('proxy', subnet)))).toMatchObject({ verdict })
  })

  test('between the two limits it is unknown', () => {
    const wish = { addresses: { warnPercent: 40, failPercent: 50 } }
    expect(only(judge(sharedNetworkHasRoom, resize('proxy', '10.10.0.0/27'), wish))).toMatchObject({
      verdict: 'unknown',
    })
  })

  test('with an address range only the range counts', () => {
    const judgement = only(
      judge(sharedNetworkHasRoom, (host) => {
        Object.assign(networkIn(host, 'proxy').IPAM, {
          Config: [{ Subnet: '10.10.0.0/16', IPRange: '10.10.0.0/28', Gateway: '10.10.0.1' }],
        })
      }),
    )
    expect(judgement).toMatchObject({ actual: expect.stringContaining('12 of 14 addresses') })
  })

  test('a task that has ended holds nothing, one that stops still does', () => {
    const held = (State: string) =>
      only(judge(sharedNetworkHasRoom, (host) => void Object.assign(taskIn(host, 'drone_app').Status, { State })))
        .actual
    expect(held('shutdown')).toContain('4 tasks')
    expect(held('running')).toContain('5 tasks')
    expect(held('a state of the future')).toContain('5 tasks')
  })

  test('no network is unknown', () => {
    expect(
      only(judge(sharedNetworkHasRoom, (host) => void Object.assign(networkIn(host, 'proxy'), { Name: 'web' }))),
    ).toMatchObject({
      verdict: 'unknown',
    })
  })
})

describe('the other overlays have room', () => {
  test('ingress takes an address for every node', () => {
    const { actual } = only(judge(otherOverlaysHaveRoom))
    expect(actual).toContain('at least 1 of 253 addresses held')
  })

  test('a crowded ingress fails', () => {
    const judgement = only(
      judge(otherOverlaysHaveRoom, (host) => {
        resize('ingress', '10.0.0.0/29')(host)
        const node = the(host.nodes[0])
        Object.assign(host, { nodes: [1, 2, 3, 4, 5].map((number) => ({ ...node, ID: `node-${number}` })) })
      }),
    )
    expect(judgement).toMatchObject({ subject: 'ingress', verdict: 'fail', actual: expect.stringContaining('5 of 5') })
  })
})

describe('addresses are held once', () => {
  test.each([
    ['a VIP and a VIP', (host: RawHost) => vipOf(host, 'drone_app').Addr, 'the VIP of drone_app'],
    ['a VIP and a live task', (host: RawHost) => addressOf(host, 'drone_app'), 'of drone_app'],
    ['a VIP and an attached container', attachedAddress, 'an attached container'],
  ])('%s fails, and both are named', (_, other, who) => {
    const judgement = only(
      judge(addressesAreHeldOnce, (host) => void Object.assign(vipOf(host, 'traefik_app'), { Addr: other(host) })),
    )
    expect(judgement).toMatchObject({ verdict: 'fail', actual: expect.stringContaining('the VIP of traefik_app') })
    expect(judgement.actual).toContain(who)
  })

  test('the address of a task that has ended may be given out again', () => {
    const judgement = only(
      judge(addressesAreHeldOnce, (host) => {
        Object.assign(vipOf(host, 'traefik_app'), { Addr: addressOf(host, 'drone_app') })
        Object.assign(taskIn(host, 'drone_app').Status, { State: 'complete' })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass' })
  })

  test('the same address on two networks is two addresses', () => {
    const judgement = only(
      judge(addressesAreHeldOnce, (host) => {
        const { Id } = networkIn(host, 'ingress')
        const { Addr } = vipOf(host, 'drone_app')
        Object.assign(vipOf(host, 'traefik_app'), { NetworkID: Id, Addr })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass' })
  })
})

function addressOf(host: RawHost, service: string): string {
  return the(the(taskIn(host, service).NetworksAttachments[0]).Addresses[0])
}

function attachedAddress(host: RawHost): string {
  return the(the(the(host['attached-containers'][0]).NetworksAttachments[0]).Addresses[0])
}

describe('services have addresses', () => {
  const waits =
    (service: string, seconds: number, subnet = '10.10.0.0/16') =>
    (host: RawHost): void => {
      resize('proxy', subnet)(host)
      Object.assign(serviceIn(host, service), { UpdatedAt: ago(host, seconds), Endpoint: {} })
      const task = taskIn(host, service)
      Object.assign(task, { NetworksAttachments: null, NodeID: undefined })
      Object.assign(task.Status, { State: 'new', Message: 'created', Timestamp: ago(host, seconds) })
    }

  test('a full network is named, with the remedy', () => {
    const judgement = only(judge(servicesHaveAddresses, waits('drone_app', 90, '10.10.0.0/29')))
    expect(judgement).toMatchObject({ subject: 'drone_app', verdict: 'fail' })
    expect(judgement.actual).toMatch(/^no VIP on proxy \(\w{12}\); 1 task in New without an address; for 1 min 30 s$/)
    expect(judgement.reason).toMatch(/^proxy \(\w{12}\) is full: 10 of 5 held$/)
    expect(judgement.remedy).toContain('docker service rm drone_app')
    expect(judgement.remedy).not.toContain('leaks an address')
  })

  test('where the API still counts room, the addresses have leaked', () => {
    expect(only(judge(servicesHaveAddresses, waits('drone_app', 90))).reason).toContain('has leaked')
  })

  test('a moment after it was created it is unknown', () => {
    expect(only(judge(servicesHaveAddresses, waits('drone_app', 3)))).toMatchObject({ verdict: 'unknown' })
  })

  test('on two networks each try leaks, and the remedy says so', () => {
    const judgement = only(
      judge(servicesHaveAddresses, (host) => {
        waits('drone_app', 90)(host)
        const { Id } = networkIn(host, 'ingress')
        serviceIn(host, 'drone_app').Spec.TaskTemplate.Networks.push({ Target: Id, Aliases: [] })
      }),
    )
    expect(judgement.remedy).toContain('each try leaks an address')
  })

  test('an update that adds a full network shows as the one VIP that is missing', () => {
    const judgement = only(
      judge(servicesHaveAddresses, (host) => {
        Object.assign(serviceIn(host, 'drone_app'), { UpdatedAt: ago(host, 60) })
        serviceIn(host, 'drone_app').Spec.TaskTemplate.Networks.push({
          Target: networkIn(host, 'ingress').Id,
          Aliases: [],
        })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'fail', actual: expect.stringMatching(/^no VIP on ingress/) })
  })

  test('a port in the mesh wants a VIP on ingress, one on the host does not', () => {
    const publish = (PublishMode: string) => (host: RawHost) => {
      Object.assign(serviceIn(host, 'drone_app'), { UpdatedAt: ago(host, 60) })
      Object.assign(serviceIn(host, 'drone_app').Spec.EndpointSpec, { Ports: [{ TargetPort: 80, PublishMode }] })
    }
    expect(only(judge(servicesHaveAddresses, publish('ingress')))).toMatchObject({ verdict: 'fail' })
    expect(only(judge(servicesHaveAddresses, publish('host')))).toMatchObject({ verdict: 'pass' })
  })

  test('in dnsrr mode no VIP is missed', () => {
    const judgement = only(
      judge(servicesHaveAddresses, (host) => {
        Object.assign(serviceIn(host, 'drone_app'), { Endpoint: {} })
        Object.assign(serviceIn(host, 'drone_app').Spec.EndpointSpec, { Mode: 'dnsrr' })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass' })
  })

  test('a network of the host is no overlay, and has no VIPs', () => {
    const judgement = only(
      judge(servicesHaveAddresses, (host) => {
        Object.assign(serviceIn(host, 'drone_app').Spec.TaskTemplate, {
          Networks: [{ Target: networkIn(host, 'host').Id }],
        })
      }),
    )
    expect(judgement).toMatchObject({ verdict: 'pass' })
  })

  test('a node that refuses tasks for want of an address fails the service', () => {
    const judgement = only(
      judge(servicesHaveAddresses, (host) => {
        const Err = 'node is missing network attachments, ip addresses may be exhausted'
        Object.assign(taskIn(host, 'drone_app').Status, { State: 'rejected', Err, Timestamp: ago(host, 40) })
      }),
    )
    expect(judgement).toMatchObject({
      verdict: 'fail',
      actual: expect.stringContaining('the load balancer of the node has no address'),
    })
  })
})
