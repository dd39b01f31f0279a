import type { SwarmNode } from '../../model/facts/nodes.ts'

/** How long the engine waits for a node that is down before it gives up the node's tasks. */
const giveUpMs = 24 * 60 * 60_000

export function isDown({ Status }: SwarmNode): boolean {
  return Status.State === 'down'
}

/** ISO 8601; undefined where the engine does not tell since when the node is down. */
export function givenUpAt({ UpdatedAt }: SwarmNode): string | undefined {
  const downMs = Date.parse(UpdatedAt ?? '')
  return Number.isNaN(downMs) ? undefined : new Date(downMs + giveUpMs).toISOString()
}
