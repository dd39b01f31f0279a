import type { Task } from '../../model/facts/tasks.ts'
import { givenUpAt, isDown } from '../address/down-node.ts'
import { addressesOf } from '../address/task-state.ts'
import type { HeldBack } from './plan.ts'
import type { SwarmFacts } from './swarm-facts.ts'

/** Of these live tasks those that nobody can end now, for their node is down. */
export function heldBack(tasks: readonly Task[], facts: Pick<SwarmFacts, 'nodes' | 'networks'>): readonly HeldBack[] {
  const down = new Map(facts.nodes.filter(isDown).map((node) => [node.ID, node]))
  const names = new Map(facts.networks.map(({ Id, Name }) => [Id, Name]))
  return tasks.flatMap((task) => {
    const node = down.get(task.NodeID)
    if (node === undefined) return []
    const addresses = addressesOf(task).map(
      ({ networkId, address }) => `${address} on ${names.get(networkId) ?? networkId}`,
    )
    return [{ task: task.ID, node: node.Description.Hostname || node.ID, addresses, until: givenUpAt(node) }]
  })
}
