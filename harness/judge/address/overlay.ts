import type { Expectations } from '../../model/expectations.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { Cidr } from './cidr.ts'
import { formatCidr, parseCidr } from './cidr.ts'

/** The overlays of the Swarm, `ingress` included, and those that were never allocated: they have no driver. */
export function overlaysOf(networks: readonly Network[]): readonly Network[] {
  return networks.filter(({ Scope, Driver }) => Scope === 'swarm' && (Driver === 'overlay' || Driver === ''))
}

/** Whether the Swarm has given it a driver and a subnet. */
export function isAllocated(overlay: Network): boolean {
  return overlay.Driver !== '' && subnetsOf(overlay).length > 0
}

/** The overlay of the configured name. A local bridge may have the same name, and is not meant. */
export function sharedNetworkOf(networks: readonly Network[], wanted: Expectations): Network | undefined {
  return overlaysOf(networks).find(({ Name }) => Name === wanted.sharedNetwork.name)
}

/** IPv4 only. */
export function subnetsOf(network: Network): readonly Cidr[] {
  return (network.IPAM.Config ?? []).map(({ Subnet }) => parseCidr(Subnet)).filter((subnet) => subnet !== undefined)
}

/** `10.10.0.0/16`, or several, in order. */
export function listSubnets(subnets: readonly Cidr[]): string {
  return (
    [...subnets]
      .sort((a, b) => a.base - b.base)
      .map(formatCidr)
      .join(', ') || 'none'
  )
}

/** `proxy (tsymejj0k5qa)`: the id as `docker network ls` shows it. */
export function nameOf(network: Network): string {
  return `${network.Name} (${network.Id.slice(0, 12)})`
}
