import type { Network } from '../../model/facts/networks.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { isLive } from '../address/task-state.ts'
import type { SwarmFacts } from './swarm-facts.ts'

type Users = Pick<SwarmFacts, 'services' | 'attachedContainers' | 'nodes'>

/** Services and containers on a network. The tasks of a service that is gone are no users: they only have to end. */
export function usersOfNetwork(network: Network, { services, attachedContainers, nodes }: Users): readonly string[] {
  const containers = attachedContainers.filter((task) => isLive(task) && isOn(network.Id, task))
  return [
    ...services.filter((service) => networkTargets(service).some(isNetwork(network))).map(saying),
    ...containers.map((task) => `an attached container on ${nodeName(task.NodeID, nodes)} (task ${task.ID})`),
  ]
}

/** The networks that a service names, in the order in which it is given addresses on them. */
export function networkTargets({ Spec }: Service): readonly string[] {
  return (Spec.TaskTemplate.Networks ?? Spec.Networks ?? []).map(({ Target }) => Target)
}

export function isNetwork({ Id, Name }: Pick<Network, 'Id' | 'Name'>): (target: string) => boolean {
  return (target) => target === Id || target === Name
}

export function usersOfConfig(id: string, services: readonly Service[]): readonly string[] {
  return services
    .filter(({ Spec }) => (Spec.TaskTemplate.ContainerSpec?.Configs ?? []).some(({ ConfigID }) => ConfigID === id))
    .map(saying)
}

export function usersOfSecret(id: string, services: readonly Service[]): readonly string[] {
  return services
    .filter(({ Spec }) => (Spec.TaskTemplate.ContainerSpec?.Secrets ?? []).some(({ SecretID }) => SecretID === id))
    .map(saying)
}

/** Whether a task is attached to the network. */
export function isOn(networkId: string, { NetworksAttachments }: Task): boolean {
  return (NetworksAttachments ?? []).some(({ Network }) => Network.ID === networkId)
}

export function nodeName(id: string, nodes: SwarmFacts['nodes']): string {
  if (id === '') return 'no node'
  return nodes.find(({ ID }) => ID === id)?.Description.Hostname || id
}

function saying({ Spec }: Service): string {
  return `the service ${Spec.Name}`
}
