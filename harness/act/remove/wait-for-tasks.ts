import { isLive } from '../../judge/address/task-state.ts'
import type { StackPlan } from '../../judge/removal/plan.ts'
import { nodes, type SwarmNode } from '../../model/facts/nodes.ts'
import { tasks } from '../../model/facts/tasks.ts'
import type { Work } from './hands.ts'
import { isOnDownNode, sayTask } from './kinds.ts'
import { listed } from './look.ts'
import { waitUntil } from './wait.ts'

/** For how long it is believed which nodes are up: a node goes down in seconds. */
const nodesMs = 1_000

/**
 * Waits until no task of the stack's removed services holds an address. All tasks are listed: asked for those of a
 * removed service the engine answers 404, however many are still stopping. Returns those that are left on nodes that are
 * down, for which nobody can wait.
 */
export async function waitForTasks(plan: StackPlan, work: Work): Promise<readonly string[]> {
  const services = new Set(plan.services.map(({ id }) => id))
  const strays = new Set(plan.strayTasks)
  const timeoutMs = work.deadlines.tasksMs + plan.stopGraceMs
  const filtered = work.taskFilters === undefined ? {} : { filters: work.taskFilters }
  let known: readonly SwarmNode[] | undefined
  let knownAt = 0
  let onlyDownSince: number | undefined
  return await waitUntil(`the tasks of ${plan.name} to end`, timeoutMs, work, async (signal) => {
    const all = listed(tasks, await work.reader.tasks({ signal, ...filtered }))
    const live = all.filter((task) => isLive(task) && (services.has(task.ServiceID) || strays.has(task.ID)))
    if (live.length === 0) return { done: true, value: [] }
    if (known === undefined || performance.now() - knownAt > nodesMs) {
      known = listed(nodes, await work.reader.nodes({ signal }))
      knownAt = performance.now()
    }
    const names = known
    const said = live.map((task) => sayTask(task, names))
    if (!live.every((task) => isOnDownNode(task, names))) onlyDownSince = undefined
    else {
      // A node whose dockerd is started anew is down as well, for a moment.
      onlyDownSince ??= performance.now()
      if (performance.now() - onlyDownSince >= work.deadlines.downNodeMs) {
        return { done: true, value: said.map((task) => `${task}: the node is down`) }
      }
    }
    return { done: false, state: `waits for ${said.join(', ')}` }
  })
}
