import { plain } from '../../core/text.ts'
import type { SwarmNode } from '../../model/facts/nodes.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { givenUpAt, isDown } from './down-node.ts'

/** Until when a live task holds its addresses, where it is not to run on or cannot be ended. */
export function whyForNow(task: Task, node: SwarmNode | undefined): string | undefined {
  if (node !== undefined && isDown(node)) {
    const until = givenUpAt(node)
    const name = plain(node.Description.Hostname || node.ID, 60)
    return `until ${name}, which is down, is back or removed, or else the engine gives it up${until === undefined ? '' : ` by ${until}`} (24 h)`
  }
  return isToEnd(task) ? 'until it has stopped' : undefined
}

/** Whether the Swarm wants the task to run no more. */
function isToEnd({ DesiredState }: Task): boolean {
  return DesiredState === 'shutdown' || DesiredState === 'remove'
}
