import { plain } from '../../core/text.ts'
import { defineCheck } from '../../model/check.ts'
import { quietSwarm } from '../../model/facts/quiet/swarm.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { isLive } from '../address/task-state.ts'
import { heldBack } from '../removal/held-back.ts'
import { nodeName } from '../removal/users.ts'
import { count, list } from '../say.ts'
import { hostNotQuiet } from './not-quiet.ts'
import { overlook } from './overlook.ts'

const toEnd = new Set(['shutdown', 'failed', 'rejected', 'remove', 'orphaned'])

export const noTaskIsStopping = defineCheck({
  id: 'PV-PRE-006',
  title: 'No task is still stopping',
  needs: { swarm: quietSwarm },
  judge: ({ swarm }, { quiet }) => {
    const subject = 'tasks'
    const expected = 'each task that is told to end has ended'
    const { overlooked, said } = overlook(swarm.services, quiet)
    const all = [...swarm.tasks, ...swarm.attachedContainers].filter(({ ServiceID }) => !overlooked.has(ServiceID))
    const stopping = all.filter((task) => isLive(task) && toEnd.has(task.DesiredState))
    if (stopping.length === 0) {
      return [{ subject, expected, actual: `${count(all.length, 'task')}, none is stopping${said}`, verdict: 'pass' }]
    }
    const names = new Map(swarm.services.map(({ ID, Spec }) => [ID, Spec.Name]))
    const say = (task: Task): string => {
      const of = plain(names.get(task.ServiceID) ?? 'a removed service', 100)
      return `${task.ID} of ${of} in ${task.Status.State} on ${plain(nodeName(task.NodeID, swarm.nodes), 100)}`
    }
    const lost = heldBack(stopping, swarm)
    return [
      {
        subject,
        expected,
        actual: list(stopping.map(say)),
        verdict: 'blocked',
        code: hostNotQuiet,
        reason: 'each still holds its addresses, and a network that is removed meanwhile leaks them',
        remedy:
          lost.length === 0
            ? 'Wait until they have ended: seconds, or the stop grace period of the service.'
            : `${list([...new Set(lost.map(({ node }) => plain(node, 100)))])} is down, and nobody can end its tasks: bring it back, or \`docker node rm --force\` it.`,
      },
    ]
  },
})
