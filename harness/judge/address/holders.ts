import type { Network } from '../../model/facts/networks.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { addressesOf, isLive, withoutPrefix } from './task-state.ts'

/** Somebody who rightly has an address on a network, as far as the API tells. */
export interface Holder {
  readonly kind: 'vip' | 'task' | 'attached'
  readonly address: string
  /** In a reader's words: `the VIP of traefik_app`. */
  readonly who: string
  /** Where it runs; empty for a VIP. */
  readonly nodeId: string
}

export interface SwarmObjects {
  readonly services: readonly Service[]
  readonly tasks: readonly Task[]
  readonly attachedContainers: readonly Task[]
}

/**
 * Who holds an address, by network. Load balancers of nodes and leaked addresses are not in the API. Each object is
 * looked at once, however many networks are asked for: a Swarm may have thousands of both.
 */
export function indexHolders(objects: SwarmObjects): (network: Network) => readonly Holder[] {
  const byNetwork = new Map<string, Holder[]>()
  const add = (networkId: string, holder: Holder): void => {
    const known = byNetwork.get(networkId)
    if (known === undefined) byNetwork.set(networkId, [holder])
    else known.push(holder)
  }
  const serviceNames = new Map(objects.services.map(({ ID, Spec }) => [ID, Spec.Name]))
  for (const { Spec, Endpoint } of objects.services) {
    for (const { NetworkID, Addr } of Endpoint?.VirtualIPs ?? []) {
      const address = withoutPrefix(Addr)
      if (address !== '') add(NetworkID, { kind: 'vip', address, who: `the VIP of ${Spec.Name}`, nodeId: '' })
    }
  }
  const addTask = (kind: 'task' | 'attached', task: Task, who: string): void => {
    if (!isLive(task)) return
    for (const { networkId, address } of addressesOf(task)) add(networkId, { kind, address, who, nodeId: task.NodeID })
  }
  for (const task of objects.tasks) {
    addTask('task', task, `task ${task.ID} of ${serviceNames.get(task.ServiceID) ?? 'a removed service'}`)
  }
  for (const task of objects.attachedContainers) addTask('attached', task, `an attached container (task ${task.ID})`)
  return ({ Id }) => byNetwork.get(Id) ?? []
}
