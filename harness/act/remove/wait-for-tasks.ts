import { isLive } from '../../judge/address/task-state.ts'
import type { StackPlan } from '../../judge/removal/plan.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { tasks } from '../../model/facts/tasks.ts'
import type { Work } from './hands.ts'
import { isOnDownNode, sayTask } from './kinds.ts'
import { listed } from './look.ts'
import { waitUntil } from './wait.ts'

/**
 * Waits until no task of the stack's removed services holds an address. All tasks are listed: asked for those of a
 * removed service the engine answers 404, however many are still stopping. Returns those that are left on nodes that are
 * down, for which nobody can wait.
 */
export async function waitForTasks(plan: StackPlan, work: Work): Promise<readonly string[]> {
  const services = new Set(plan.services.map(({ id }) => id))
  const strays = new Set(plan.strayTasks)
  const timeoutMs = work.deadlines.tasksMs + plan.stopGraceMs
  let onlyDownSince: number | undefined
  return await waitUntil(`the tasks of ${plan.name} to end`, timeoutMs, work, async (signal) => {
    const all = listed(tasks, await work.reader.tasks({ signal }))
    const live = all.filter((task) => isLive(task) && (services.has(task.ServiceID) || strays.has(task.ID)))
    if (live.length === 0) return { done: true, value: [] }
    const known = listed(nodes, await work.reader.nodes({ signal }))
    const said = live.map((task) => sayTask(task, known))
    if (!live.every((task) => isOnDownNode(task, known))) onlyDownSince = undefined
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
