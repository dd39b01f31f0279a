import type { AddressReading } from '../../model/facts/addresses/reading.ts'
import type { SwarmNode } from '../../model/facts/nodes.ts'
import { addBalancers } from './balancers.ts'
import { addressesOf, isLive, withoutPrefix } from './task-state.ts'
import { whyForNow } from './while-it-lasts.ts'

export const holderKinds = ['vip', 'task', 'attached', 'balancer'] as const
export type HolderKind = (typeof holderKinds)[number]

/** Somebody who rightly has an address on a network, by the rules of the Swarm's allocator. */
export interface Holder {
  readonly kind: HolderKind
  /** As dotted decimals; absent for the load balancer of a node that could not be asked. */
  readonly address?: string
  /** In a reader's words: `the VIP of traefik_app`. */
  readonly who: string
  /** Where it runs; empty for a VIP, and for a task that no node has been found for. */
  readonly nodeId: string
  /** Until when it holds it, where that is not as long as it runs. */
  readonly note?: string
}

/** What a reading must have to tell who holds what; without `balancers`, no load balancer is known by its address. */
export type AddressLists = Pick<AddressReading, 'nodes' | 'services' | 'tasks' | 'attached'> &
  Partial<Pick<AddressReading, 'balancers' | 'balancersOf' | 'counts'>>

/** The holders of an overlay; `isIngress` because every node has a load balancer there. */
export type HoldersOn = (network: { readonly Id: string; readonly Ingress: boolean }) => readonly Holder[]

/**
 * Who holds an address, by network. Each object is looked at once, however many networks are asked for: a Swarm may have
 * thousands of both. Leaked addresses have no holder.
 */
export function indexHolders(lists: AddressLists): HoldersOn {
  const byNetwork = new Map<string, Holder[]>()
  const add = (networkId: string, holder: Holder): void => {
    const known = byNetwork.get(networkId)
    if (known === undefined) byNetwork.set(networkId, [holder])
    else known.push(holder)
  }
  for (const { Spec, Endpoint } of lists.services) {
    for (const { NetworkID, Addr } of Endpoint?.VirtualIPs ?? []) {
      const address = withoutPrefix(Addr)
      if (address !== '') add(NetworkID, { kind: 'vip', address, who: `the VIP of ${Spec.Name}`, nodeId: '' })
    }
  }
  const nodes = new Map<string, SwarmNode>(lists.nodes.map((node) => [node.ID, node]))
  const addTask = (kind: 'task' | 'attached', task: AddressLists['tasks'][number], who: string): void => {
    if (!isLive(task)) return
    const note = whyForNow(task, nodes.get(task.NodeID))
    for (const { networkId, address } of addressesOf(task)) {
      add(networkId, { kind, address, who, nodeId: task.NodeID, ...(note === undefined ? {} : { note }) })
    }
  }
  const serviceNames = new Map(lists.services.map(({ ID, Spec }) => [ID, Spec.Name]))
  for (const task of lists.tasks) {
    addTask('task', task, `task ${task.ID} of ${serviceNames.get(task.ServiceID) ?? 'a removed service'}`)
  }
  for (const task of lists.attached) addTask('attached', task, `an attached container (task ${task.ID})`)
  const balancersOn = addBalancers(lists)
  return (network) => [...(byNetwork.get(network.Id) ?? []), ...balancersOn(network)]
}
