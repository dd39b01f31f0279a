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

interface RouteTaken extends Taken {
  /** The interface that it sends to without a gateway. */
  readonly onLink: string | undefined
}

export const overlaysAreClearOfHost = defineCheck({
  id: 'PV-NET-010',
  title: 'No overlay overlaps a route, an address or a bridge of the host',
  needs: { networks, routes: hostRoutes, links: hostAddresses },
  judge: ({ networks, routes, links }) => {
    const byRoutes = takenByRoutes(routes)
    const byOthers = [...takenByLinks(links), ...takenByLocalNetworks(networks)]
    const overlays = overlaysOf(networks)
    const clashes = overlays.flatMap((network) => {
      const clashing = byRoutes.filter((route) => touches(network, route) && !isAround(network, route, links))
      const by = [...clashing, ...byOthers.filter((other) => touches(network, other))]
      return by.length === 0 ? [] : [{ network, by }]
    })
    const expected = 'no overlap'
    if (clashes.length === 0) {
      const number = byRoutes.length + byOthers.length
      const none = `none with ${count(number, 'route, address or bridge', 'routes, addresses and bridges')}`
      return [{ subject: 'overlays', expected, actual: `${none}${sayAround(overlays, byRoutes)}`, verdict: 'pass' }]
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

function touches(network: Network, { subnet }: Taken): boolean {
  return subnetsOf(network).some((other) => overlaps(other, subnet))
}

/**
 * A route to much more than the overlay, as that of a VPN or a cloud to all of 10.0.0.0/8, is no clash: the overlay is
 * a network of its own, and hides no more than its own addresses. One to an interface that is itself in the overlay's
 * subnet is.
 */
function isAround(network: Network, { subnet, onLink }: RouteTaken, links: readonly HostLink[]): boolean {
  const own = subnetsOf(network).filter((other) => overlaps(other, subnet))
  if (!own.every(({ prefixLength }) => subnet.prefixLength < prefixLength)) return false
  if (onLink === undefined) return true
  const addresses = takenByLinks(links.filter(({ ifname }) => ifname === onLink))
  return !addresses.some((address) => own.some((other) => overlaps(other, address.subnet)))
}

function sayAround(overlays: readonly Network[], routes: readonly RouteTaken[]): string {
  const around = routes.flatMap((route) => {
    const inside = overlays.filter((network) => touches(network, route)).map(({ Name }) => Name)
    return inside.length === 0 ? [] : [`${list(inside)} inside ${route.by}`]
  })
  if (around.length === 0) return ''
  return `; ${list(distinct(around))}: what lies there on the addresses of the overlay cannot be reached from containers on it`
}

/** The two halves of everything are a default route, as some VPNs write it. */
const widestRoute = 2

/** The kernel makes these of the addresses, which are looked at themselves. */
const ofAddresses = new Set(['local', 'broadcast', 'multicast'])

function takenByRoutes(routes: readonly HostRoute[]): RouteTaken[] {
  return routes.flatMap((route) => {
    const subnet = parseCidr(route.dst)
    if (subnet === undefined || subnet.prefixLength < widestRoute || ofAddresses.has(route.type)) return []
    const via = gatewaysOf(route)
    const where = via === '' ? (route.dev === '' ? `(${route.type})` : `on ${route.dev}`) : `via ${via}`
    const onLink = via === '' && route.dev !== '' ? route.dev : undefined
    return [{ subnet, by: `route ${route.dst} ${where}`, onLink }]
  })
}

function gatewaysOf({ gateway, via, nexthops }: HostRoute): string {
  const gateways = [gateway, via?.host ?? '', ...(nexthops ?? []).map((hop) => hop.gateway)]
  return gateways.filter((address) => address !== '').join(', ')
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
