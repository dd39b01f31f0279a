import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { list } from '../say.ts'
import { isRunning } from '../service/control-plane.ts'

/** `drone_app: 1 running on node 0q7wp7bfpc3n`, or what its tasks are instead. */
export function tasksInWords(name: string, services: readonly Service[], tasks: readonly Task[]): string {
  const service = services.find(({ Spec }) => Spec.Name === name)
  if (service === undefined) return `${name}: no such service`
  const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID)
  const running = own.filter(isRunning)
  if (running.length > 0) {
    const nodes = [...new Set(running.map(({ NodeID }) => NodeID.slice(0, 12)))]
    return `${name}: ${running.length} running on node ${list(nodes, 3)}`
  }
  const open = own.filter(({ DesiredState }) => DesiredState === 'running')
  const states = open.map(({ Status }) => (Status.Err === '' ? Status.State : `${Status.State} (${Status.Err})`))
  return `${name}: no task runs${states.length === 0 ? '' : `, one is ${list([...new Set(states)], 3)}`}`
}
