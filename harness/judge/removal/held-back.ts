import type { SwarmNode } from '../../model/facts/nodes.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { addressesOf } from '../address/task-state.ts'
import type { HeldBack } from './plan.ts'
import type { SwarmFacts } from './swarm-facts.ts'

/** How long the engine waits for a node that is down before it gives up the node's tasks. */
const giveUpMs = 24 * 60 * 60_000

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
    return [{ task: task.ID, node: node.Description.Hostname || node.ID, addresses, until: untilOf(node) }]
  })
}

export function isDown({ Status }: SwarmNode): boolean {
  return Status.State === 'down'
}

function untilOf({ UpdatedAt }: SwarmNode): string | undefined {
  const downMs = Date.parse(UpdatedAt ?? '')
  return Number.isNaN(downMs) ? undefined : new Date(downMs + giveUpMs).toISOString()
}
