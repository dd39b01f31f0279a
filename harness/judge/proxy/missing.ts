import type { Task } from '../../model/facts/tasks.ts'
import { addressesOf, addressesOn } from '../address/task-state.ts'
import { isRunning } from '../service/control-plane.ts'
import { type Ground, hasJustChanged, isLate } from './backend.ts'
import { addressIn, canonical } from './holdings.ts'
import type { Declared } from './labels.ts'

/** Tasks that have run for longer than a refresh, and that a load balancer with these servers leaves out. */
export function missingTasks(
  declared: readonly Declared[],
  urls: readonly string[],
  ground: Ground,
): readonly string[] {
  const listed = new Set(urls.map(addressIn))
  return declared.flatMap(({ service, enabled, byVip }) => {
    if (!enabled || byVip || isLate(service.UpdatedAt, ground)) return []
    const settled = ground.tasks.filter((task) => task.ServiceID === service.ID && isSettledTask(task, ground))
    // Listed on another network it is not missing, but in the wrong place: that is told by itself.
    const left = settled.filter((task) => !addressesOf(task).some(({ address }) => listed.has(canonical(address))))
    return left.map(
      (task) => `${addressesOn(ground.shared.Id, task)[0]} (${service.Spec.Name}.${task.Slot ?? task.ID})`,
    )
  })
}

function isSettledTask(task: Task, ground: Ground): boolean {
  return isRunning(task) && !hasJustChanged(task, ground) && addressesOn(ground.shared.Id, task).length > 0
}
