import { isLive } from '../address/task-state.ts'
import { heldBack } from '../removal/held-back.ts'
import type { SwarmFacts } from '../removal/swarm-facts.ts'
import { list } from '../say.ts'

/** Of these live tasks those whose node is down, as sentences: what each holds, and until when. */
export function heldByDownNodes(taskIds: ReadonlySet<string>, facts: SwarmFacts): readonly string[] {
  const tasks = facts.tasks.filter((task) => taskIds.has(task.ID) && isLive(task))
  return heldBack(tasks, facts).map(({ task, node, addresses, until }) => {
    const what = addresses.length === 0 ? 'no address' : list(addresses)
    const when = until === undefined ? '24 h after it went down' : `by ${until}, 24 h after it went down`
    return `task ${task} on ${node}, which is down: it holds ${what} until ${node} is back or removed (\`docker node rm --force ${node}\`), or else until the engine gives it up, ${when}`
  })
}
