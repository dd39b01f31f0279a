import { plain } from '../../core/text.ts'
import type { SwarmNode } from '../../model/facts/nodes.ts'
import type { Task } from '../../model/facts/tasks.ts'
import type { AddressLists, Holder, HoldersOn } from './holders.ts'
import { isLive } from './task-state.ts'

/**
 * The load balancers of the nodes. On `ingress` every node of the Swarm has one, those that are down too; elsewhere those
 * with a live task or container on the network. No manager lists them: only the engine of a node tells the address.
 */
export function addBalancers({ nodes, tasks, attached, balancers, balancersOf }: AddressLists): HoldersOn {
  const byId = new Map(nodes.map((node) => [node.ID, node]))
  const read = new Set(balancersOf ?? [])
  const known = new Map<string, Map<string, string>>()
  for (const { networkId, nodeId, address } of balancers ?? []) inside(known, networkId).set(nodeId, address)
  const busy = new Map<string, Map<string, boolean>>()
  for (const task of [...tasks, ...attached]) {
    if (task.NodeID === '' || !isLive(task)) continue
    for (const { Network } of task.NetworksAttachments ?? []) {
      const onNetwork = inside(busy, Network.ID)
      onNetwork.set(task.NodeID, (onNetwork.get(task.NodeID) ?? false) || isOnItsWay(task))
    }
  }
  return ({ Id, Ingress }) => {
    const named = known.get(Id) ?? new Map<string, string>()
    const users = busy.get(Id) ?? new Map<string, boolean>()
    const hosts = new Set([...named.keys(), ...(Ingress ? byId.keys() : users.keys())])
    return [...hosts].flatMap((nodeId): readonly Holder[] => {
      const address = named.get(nodeId)
      // A node that was asked and names none has none, unless it has not got round to making it: that of `ingress` is
      // missing for seconds after a start of dockerd, and the allocator keeps its address all the time.
      if (address === undefined && read.has(nodeId) && !Ingress && !(users.get(nodeId) ?? false)) return []
      const who = `the load balancer of ${nameOfNode(nodeId, byId.get(nodeId))}`
      return [{ kind: 'balancer', who, nodeId, ...(address === undefined ? {} : { address }) }]
    })
  }
}

const beforeItsNetworks = new Set(['new', 'pending', 'assigned', 'accepted', 'preparing', 'ready'])

/** The allocator takes the address as soon as the task has a node; the node makes the load balancer before it starts it. */
export function isOnItsWay({ Status }: Task): boolean {
  return beforeItsNetworks.has(Status.State)
}

function nameOfNode(id: string, node: SwarmNode | undefined): string {
  return `node ${plain(node?.Description.Hostname || id.slice(0, 12), 60)}`
}

function inside<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const known = map.get(key)
  if (known !== undefined) return known
  const fresh = new Map<string, T>()
  map.set(key, fresh)
  return fresh
}
