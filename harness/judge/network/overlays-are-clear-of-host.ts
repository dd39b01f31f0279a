import { defineCheck } from '../../model/check.ts'
import type { HostLink } from '../../model/facts/host-addresses.ts'
import { hostAddresses } from '../../model/facts/host-addresses.ts'
import type { HostRoute } from '../../model/facts/host-routes.ts'
import { hostRoutes } from '../../model/facts/host-routes.ts'
import type { Network } from '../../model/facts/networks.ts'
import { networks } from '../../model/facts/networks.ts'
import type { Cidr } from '../address/cidr.ts'
import { formatCidr, overlaps, parseCidr } from '../address/cidr.ts'
import { nameOf, overlaysOf, subnetsOf } from '../address/overlay.ts'
import { count, list } from '../say.ts'

interface Taken {
  readonly subnet: Cidr
  readonly by: string
}

export const overlaysAreClearOfHost = defineCheck({
  id: 'PV-NET-010',
  title: 'No overlay overlaps a route, an address or a bridge of the host',
  needs: { networks, routes: hostRoutes, links: hostAddresses },
  judge: ({ networks, routes, links }) => {
    const taken = [...takenByRoutes(routes), ...takenByLinks(links), ...takenByLocalNetworks(networks)]
    const clashes = overlaysOf(networks).flatMap((network) => {
      const by = taken.filter((other) => subnetsOf(network).some((subnet) => overlaps(subnet, other.subnet)))
      return by.length === 0 ? [] : [{ network, by }]
    })
    const expected = 'no overlap'
    if (clashes.length === 0) {
      const actual = `none with ${count(taken.length, 'route, address or bridge', 'routes, addresses and bridges')}`
      return [{ subject: 'overlays', expected, actual, verdict: 'pass' }]
    }
    return clashes.map(({ network, by }) => ({
      subject: nameOf(network),
      expected,
      actual: `${subnetsOf(network).map(formatCidr).join(', ')} overlaps ${list(distinct(by.map(say)))}`,
      verdict: 'fail',
      reason: 'what one of them reaches by these addresses, the other cannot: tasks are refused, or packets go astray',
      remedy:
        'Move the route or bridge of the host to other addresses (bridges: `default-address-pools` of dockerd), or recreate the overlay on a subnet that is free.',
    }))
  },
})

/** The two halves of everything are a default route, as some VPNs write it. */
const widestRoute = 2

/** The kernel makes these of the addresses, which are looked at themselves. */
const ofAddresses = new Set(['local', 'broadcast', 'multicast'])

function takenByRoutes(routes: readonly HostRoute[]): Taken[] {
  return routes.flatMap((route) => {
    const subnet = parseCidr(route.dst)
    if (subnet === undefined || subnet.prefixLength < widestRoute || ofAddresses.has(route.type)) return []
    return [{ subnet, by: `route ${route.dst}${route.dev === '' ? ` (${route.type})` : ` on ${route.dev}`}` }]
  })
}

function takenByLinks(links: readonly HostLink[]): Taken[] {
  return links.flatMap(({ ifname, addr_info }) =>
    addr_info.flatMap(({ local, prefixlen }) => {
      const subnet = parseCidr(`${local}/${prefixlen}`)
      return subnet === undefined ? [] : [{ subnet, by: `address ${local}/${prefixlen} on ${ifname}` }]
    }),
  )
}

/** Networks of this node alone; a bridge that is down has no route, and yet keeps its subnet. */
function takenByLocalNetworks(networks: readonly Network[]): Taken[] {
  return networks
    .filter(({ Scope }) => Scope === 'local')
    .flatMap((network) =>
      subnetsOf(network).map((subnet) => ({
        subnet,
        by: `${network.Driver} network ${network.Name} ${formatCidr(subnet)}`,
      })),
    )
}

function say({ by }: Taken): string {
  return by
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)]
}
