import type { Objects } from '../../model/facts/residue/objects.ts'
import { count } from '../say.ts'

/** The reason for a pass that holds for one node only. */
export function otherNodes({ engine }: Objects): { readonly reason?: string } {
  const others = (engine.Swarm.Nodes ?? 1) - 1
  return others > 0
    ? { reason: `of this node; ${count(others, 'other node')} of the Swarm cannot be seen from here` }
    : {}
}
