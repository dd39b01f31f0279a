import { defineCheck } from '../../model/check.ts'
import type { SwarmNode } from '../../model/facts/nodes.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { nodeNames } from '../managers.ts'

export const nodesAreReady = defineCheck({
  id: 'PV-SWM-002',
  title: 'Every node of the Swarm is ready and active',
  needs: { nodes },
  judge: ({ nodes }) => {
    const nameOf = nodeNames(nodes)
    return nodes.map((node) => {
      const { State, Message } = node.Status
      const { Availability, Role } = node.Spec
      const sound = State === 'ready' && Availability === 'active'
      return {
        subject: nameOf(node),
        expected: 'ready, active',
        actual: `${State}, ${Availability} (${Role})${Message === '' ? '' : `: ${Message}`}`,
        ...(sound ? { verdict: 'pass' } : { verdict: 'fail', ...troubleOf(node) }),
      }
    })
  },
})

function troubleOf(node: SwarmNode): { reason: string; remedy: string } {
  if (node.Status.State !== 'ready') {
    return {
      reason: 'its tasks keep their addresses for up to 24 h, and nothing new runs there',
      remedy: `Bring dockerd on it back; if the node is gone for good, \`docker node rm --force ${node.ID}\`.`,
    }
  }
  return {
    reason: 'somebody took it out of service, and no task is placed there',
    remedy: `When the maintenance is over: \`docker node update --availability active ${node.ID}\`.`,
  }
}
