import type { SwarmNode } from '../model/facts/nodes.ts'

/** The nodes that are managers, reachable or not. */
export function managersOf(nodes: readonly SwarmNode[]): readonly SwarmNode[] {
  return nodes.filter(
    ({ Spec, ManagerStatus }) => Spec.Role === 'manager' || (ManagerStatus ?? undefined) !== undefined,
  )
}

/** The manager that leads; undefined where none does. */
export function leaderOf(nodes: readonly SwarmNode[]): SwarmNode | undefined {
  return nodes.find(({ ManagerStatus }) => ManagerStatus?.Leader === true)
}

/** Its hostname, and its id where it has none, or shares it: cloned machines do. */
export function nodeNames(nodes: readonly SwarmNode[]): (node: SwarmNode) => string {
  return (node) => {
    const { Hostname } = node.Description
    if (Hostname === '') return node.ID
    const shared = nodes.some((other) => other.ID !== node.ID && other.Description.Hostname === Hostname)
    return shared ? `${Hostname} (${node.ID})` : Hostname
  }
}
