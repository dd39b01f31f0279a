import type { Expectations } from '../../model/expectations.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { SwarmNode } from '../../model/facts/nodes.ts'
import type { QuietSwarm } from '../../model/facts/quiet/swarm.ts'
import { indexLedgers } from '../address/ledger.ts'
import { overlaysOf, sharedNetworkOf } from '../address/overlay.ts'
import { type FreeSubnets, freeSubnets } from './free-subnets.ts'

/** What is taken of one network at the same moment, and what is there. */
export interface Need {
  /** `proxy`, or `ingress`. */
  readonly name: string
  /** The overlay itself; undefined where there is none of that kind. */
  readonly network: Network | undefined
  readonly needed: number
  /** At most: leaked addresses are not seen. */
  readonly free: number
}

/** The most that test stacks hold at any moment. */
export interface Budget {
  readonly needs: readonly Need[]
  /** Networks of their own, one a stack; undefined where the engine does not tell from where it takes their subnets. */
  readonly subnets: FreeSubnets | undefined
  /** How many stacks are there at once. */
  readonly atOnce: number
}

/** Newer engines do not spell out the pool that nobody has chosen (moby, libnetwork ipamutils, global scope). */
const defaultPool = '10.0.0.0/8'

/** A stack has a VIP and a task on each network it is on; the load balancer of a node comes with its first task there. */
const perStack = 2

/** What the configured stacks will hold at once, against what is free by the count of the API. */
export function budgetOf(swarm: QuietSwarm, wanted: Expectations): Budget {
  const { stacks, publish } = wanted.throwaway
  const atOnce = Math.min(wanted.throwaway.atOnce, stacks)
  const ledgerOf = indexLedgers({ ...swarm, attached: swarm.attachedContainers })
  const nodes = eligibleNodes(swarm, wanted)
  const needOf = (name: string, network: Network | undefined): Need => {
    if (network === undefined) return { name, network, needed: perStack * atOnce, free: 0 }
    const { holders, free } = ledgerOf(network)
    const known = new Set(holders.map(({ nodeId }) => nodeId))
    // On ingress every node has its load balancer from the beginning.
    const first = network.Ingress ? 0 : nodes.filter(({ ID }) => !known.has(ID)).length
    return { name, network, needed: perStack * atOnce + Math.min(first, atOnce), free }
  }
  const ingress = overlaysOf(swarm.networks).find(({ Ingress }) => Ingress)
  const { Cluster: cluster } = swarm.info.Swarm
  return {
    needs: [
      needOf(wanted.sharedNetwork.name, sharedNetworkOf(swarm.networks, wanted)),
      ...(publish.mode === 'ingress' ? [needOf('ingress', ingress)] : []),
    ],
    subnets: freeSubnets(swarm.networks, cluster?.DefaultAddrPool ?? [defaultPool], cluster?.SubnetSize ?? undefined),
    atOnce,
  }
}

/** Where their tasks may run: by default on the node that is asked. Constraints are for the Swarm to work out. */
function eligibleNodes({ info, nodes }: QuietSwarm, { throwaway }: Expectations): readonly SwarmNode[] {
  if (throwaway.constraints !== undefined) return nodes.filter(({ Spec }) => Spec.Availability === 'active')
  return nodes.filter(({ ID }) => ID === info.Swarm.NodeID)
}
