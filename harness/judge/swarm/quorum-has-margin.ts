import { defineCheck } from '../../model/check.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { managersOf } from '../managers.ts'
import { count } from '../say.ts'

export const quorumHasMargin = defineCheck({
  id: 'PV-SWM-004',
  title: 'A Swarm of several managers can lose one more of them',
  needs: { nodes },
  judge: ({ nodes }) => {
    const managers = managersOf(nodes)
    const reachable = managers.filter(({ ManagerStatus }) => ManagerStatus?.Reachability === 'reachable').length
    const quorum = Math.floor(managers.length / 2) + 1
    const margin = Math.max(0, reachable - quorum)
    const said = {
      subject: 'managers',
      expected: 'a margin of 1 or more',
      actual: `${reachable} of ${count(managers.length, 'manager')} reachable, ${quorum} needed: a margin of ${margin}`,
    }
    if (managers.length === 1) {
      return [{ ...said, verdict: 'n/a', reason: 'a Swarm with a single manager has no margin, by design' }]
    }
    if (margin > 0) return [{ ...said, verdict: 'pass' }]
    return [
      {
        ...said,
        verdict: 'fail',
        reason: 'with the next loss the Swarm takes no orders any more and does not heal itself',
        remedy:
          'Bring the lost managers back, or promote other nodes (`docker node promote`); three or five managers are a good number, two are worse than one.',
      },
    ]
  },
})
