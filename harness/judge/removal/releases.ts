import type { Task } from '../../model/facts/tasks.ts'
import { isDown } from '../address/down-node.ts'
import { nameOf } from '../address/overlay.ts'
import { addressesOn, withoutPrefix } from '../address/task-state.ts'
import type { Release } from './plan.ts'
import type { SwarmFacts } from './swarm-facts.ts'

/** What networks that stay get back from a stack's services and live tasks: one that goes takes its addresses with it. */
export function releasesOf(
  serviceIds: ReadonlySet<string>,
  tasks: readonly Task[],
  ownNetworks: ReadonlySet<string>,
  { services, networks, nodes }: Pick<SwarmFacts, 'services' | 'networks' | 'nodes'>,
): readonly Release[] {
  const down = new Set(nodes.filter(isDown).map(({ ID }) => ID))
  const released = tasks.filter(({ NodeID }) => !down.has(NodeID))
  const vips = services.filter(({ ID }) => serviceIds.has(ID)).flatMap(({ Endpoint }) => Endpoint?.VirtualIPs ?? [])
  return networks
    .filter(({ Id, Scope }) => Scope === 'swarm' && !ownNetworks.has(Id))
    .map((network) => ({
      network: nameOf(network),
      vips: vips
        .filter(({ NetworkID, Addr }) => NetworkID === network.Id && Addr !== '')
        .map(({ Addr }) => withoutPrefix(Addr)),
      tasks: released.flatMap((task) => addressesOn(network.Id, task)),
    }))
    .filter(({ vips, tasks }) => vips.length + tasks.length > 0)
}
