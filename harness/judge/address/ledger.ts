import type { Network } from '../../model/facts/networks.ts'
import type { SwarmNode } from '../../model/facts/nodes.ts'
import { contains, parseAddress, parseCidr, sizeOf } from './cidr.ts'
import type { Holder } from './holders.ts'

/** Who holds how many of an overlay's addresses, all from the API: a lower bound, for leaked ones are not in it. */
export interface Ledger {
  /** What can be handed out: without network, broadcast and gateway address, and within the range if there is one. */
  readonly capacity: number
  readonly vips: number
  readonly tasks: number
  readonly attached: number
  /** Nodes whose load balancer holds an address. */
  readonly nodes: number
  readonly held: number
  /** 0 to 100 and more; 100 for an overlay without addresses. */
  readonly percent: number
}

/** `holders` are those on this network. */
export function ledgerOf(network: Network, holders: readonly Holder[], allNodes: readonly SwarmNode[]): Ledger {
  const count = (kind: string): number => holders.filter((holder) => holder.kind === kind).length
  const hosts = new Set(holders.map(({ nodeId }) => nodeId).filter((id) => id !== ''))
  // On ingress every node of the Swarm has a load balancer; elsewhere only the nodes that run something on it.
  const nodes = network.Ingress ? allNodes.length : hosts.size
  const capacity = (network.IPAM.Config ?? []).reduce((sum, pool) => sum + capacityOf(pool), 0)
  const held = holders.length + nodes
  return {
    capacity,
    vips: count('vip'),
    tasks: count('task'),
    attached: count('attached'),
    nodes,
    held,
    percent: capacity === 0 ? 100 : (held / capacity) * 100,
  }
}

interface Pool {
  readonly Subnet: string
  readonly Gateway: string
  readonly IPRange: string
}

/** A /24 has 253: the network, broadcast and gateway addresses are never handed out. 0 for IPv6. */
export function capacityOf({ Subnet, Gateway, IPRange }: Pool): number {
  const subnet = parseCidr(Subnet)
  if (subnet === undefined) return 0
  const range = parseCidr(IPRange || Subnet) ?? subnet
  const broadcast = subnet.base + sizeOf(subnet.prefixLength) - 1
  const reserved = new Set([subnet.base, broadcast, parseAddress(Gateway) ?? subnet.base + 1])
  const lost = [...reserved].filter((address) => contains(range, address)).length
  return Math.max(0, sizeOf(range.prefixLength) - lost)
}
