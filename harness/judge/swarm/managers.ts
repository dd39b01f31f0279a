import type { SwarmNode } from '../../model/facts/nodes.ts'

export function managersOf(nodes: readonly SwarmNode[]): readonly SwarmNode[] {
  return nodes.filter(
    ({ Spec, ManagerStatus }) => Spec.Role === 'manager' || (ManagerStatus ?? undefined) !== undefined,
  )
}

export function leaderOf(nodes: readonly SwarmNode[]): SwarmNode | undefined {
  return nodes.find(({ ManagerStatus }) => ManagerStatus?.Leader === true)
}

export function hostnameOf(node: SwarmNode): string {
  return node.Description.Hostname || node.ID
}
