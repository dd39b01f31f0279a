import { defineCheck } from '../../model/check.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { managersOf, nodeNames } from '../managers.ts'
import { count, list } from '../say.ts'

export const managersAreReachable = defineCheck({
  id: 'PV-SWM-003',
  title: 'One manager leads, and all others can be reached',
  needs: { nodes },
  judge: ({ nodes }) => {
    const managers = managersOf(nodes)
    const nameOf = nodeNames(nodes)
    const leaders = managers.filter(({ ManagerStatus }) => ManagerStatus?.Leader === true)
    const unreachable = managers.filter(({ ManagerStatus }) => ManagerStatus?.Reachability !== 'reachable')
    const sound = leaders.length === 1 && unreachable.length === 0
    const leading = leaders.length === 0 ? 'nobody leads' : `${list(leaders.map(nameOf))} leads`
    const rest = unreachable.length === 0 ? 'all reachable' : `not reachable: ${list(unreachable.map(nameOf))}`
    return [
      {
        subject: 'managers',
        expected: 'one leader, all reachable',
        actual: `${leading}; ${count(managers.length, 'manager')}, ${rest}`,
        ...(sound
          ? { verdict: 'pass' }
          : {
              verdict: 'fail',
              reason: 'the Swarm keeps its state on its managers, and one of them does not take part',
              remedy:
                'Look at dockerd and the network (port 2377) of the manager that is not reachable; if it is gone for good, `docker node demote` it, then `docker node rm` it.',
            }),
      },
    ]
  },
})
