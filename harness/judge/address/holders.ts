import type { Network } from '../../model/facts/networks.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { addressesOn, isLive, withoutPrefix } from './task-state.ts'

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

/** Who holds an address on the network. Load balancers of nodes and leaked addresses are not in the API. */
export function holdersOn(network: Network, objects: SwarmObjects): readonly Holder[] {
  const serviceNames = new Map(objects.services.map(({ ID, Spec }) => [ID, Spec.Name]))
  const vips = objects.services.flatMap((service): Holder[] =>
    (service.Endpoint?.VirtualIPs ?? [])
      .filter(({ NetworkID, Addr }) => NetworkID === network.Id && Addr !== '')
      .map(({ Addr }) => ({
        kind: 'vip',
        address: withoutPrefix(Addr),
        who: `the VIP of ${service.Spec.Name}`,
        nodeId: '',
      })),
  )
  const ofTask =
    (kind: 'task' | 'attached', who: (task: Task) => string) =>
    (task: Task): Holder[] =>
      addressesOn(network.Id, task).map((address) => ({ kind, address, who: who(task), nodeId: task.NodeID }))
  const tasks = objects.tasks
    .filter(isLive)
    .flatMap(
      ofTask('task', ({ ID, ServiceID }) => `task ${ID} of ${serviceNames.get(ServiceID) ?? 'a removed service'}`),
    )
  const attached = objects.attachedContainers
    .filter(isLive)
    .flatMap(ofTask('attached', ({ ID }) => `an attached container (task ${ID})`))
  return [...vips, ...tasks, ...attached]
}
