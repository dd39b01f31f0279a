import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { services } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { tasks } from '../../model/facts/tasks.ts'
import { count, duration, list } from '../say.ts'
import { controlPlaneOf, noControlPlane, noSuchService } from './control-plane.ts'

/** Nothing but the Swarm itself has to act for a task to leave these. */
const ofTheSwarm = new Set(['new', 'allocated', 'pending'])
/** A pull or a health check may take its time in these. */
const ofTheNode = new Set(['assigned', 'accepted', 'preparing', 'ready', 'starting'])

export const tasksAreNotStuck = defineCheck({
  id: 'PV-SVC-003',
  title: 'No task of the control plane hangs in `New` or `Pending`',
  needs: { info: engineInfo, services, tasks },
  notApplicable: noControlPlane,
  judge: ({ info, services, tasks }, wanted) => {
    const now = Date.parse(info.SystemTime)
    const limit = wanted.tasks.stuckAfterSeconds * 1000
    const age = ({ Status }: Task): number => now - Date.parse(Status.Timestamp)
    return controlPlaneOf(services, tasks, wanted).map(({ name, service, tasks }): Judgement => {
      const expected = `none for longer than ${duration(limit)}`
      if (service === undefined) return noSuchService(name, expected, 'there are no tasks to look at')
      const old = tasks.filter((task) => task.DesiredState === 'running' && age(task) > limit)
      const stuck = old.filter(({ Status }) => ofTheSwarm.has(Status.State))
      const slow = old.filter(({ Status }) => ofTheNode.has(Status.State))
      const say = (task: Task): string => `${task.ID} in ${task.Status.State} for ${duration(age(task))}`
      if (stuck.length > 0) {
        return {
          subject: name,
          expected,
          actual: list(stuck.map(say)),
          verdict: 'fail',
          reason: whyStuck(stuck),
          remedy:
            'In `New`: the Swarm has no address for it, see PV-NET-007. In `Pending`: no node fits; `docker service ps --no-trunc` says which constraint, port or resource is in the way.',
        }
      }
      if (slow.length > 0) {
        return {
          subject: name,
          expected,
          actual: list(slow.map(say)),
          verdict: 'unknown',
          reason: 'the node works on it: a long pull, a health check that does not turn green, or a node that hangs',
          remedy: `Look at \`docker service ps --no-trunc ${name}\` and at dockerd's log on that node; look again when it has settled.`,
        }
      }
      return { subject: name, expected, actual: `${count(tasks.length, 'task')}, none stuck`, verdict: 'pass' }
    })
  },
})

function whyStuck(stuck: readonly Task[]): string {
  const said = stuck.map(
    ({ Status }) => Status.Err || (Status.State === 'new' ? 'no address was found for it' : Status.Message),
  )
  return list([...new Set(said)], 3)
}
