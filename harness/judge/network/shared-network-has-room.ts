import { defineCheck } from '../../model/check.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { services } from '../../model/facts/services.ts'
import { attachedContainers, tasks } from '../../model/facts/tasks.ts'
import { ledgerOf } from '../address/ledger.ts'
import { sharedNetworkOf } from '../address/overlay.ts'
import { judgeOccupancy } from './occupancy.ts'

export const sharedNetworkHasRoom = defineCheck({
  id: 'PV-NET-004',
  title: 'The shared network has addresses to spare',
  needs: { networks, nodes, services, tasks, attachedContainers },
  judge: ({ networks, attachedContainers, ...lists }, wanted) => {
    const shared = sharedNetworkOf(networks, wanted)
    if (shared !== undefined)
      return [judgeOccupancy(shared, ledgerOf({ ...lists, attached: attachedContainers }, shared), wanted)]
    return [
      {
        subject: wanted.sharedNetwork.name,
        expected: `below ${wanted.addresses.warnPercent} % held`,
        actual: 'no such overlay',
        verdict: 'unknown',
        reason: 'there is no network to look at',
        remedy: 'See PV-NET-001.',
      },
    ]
  },
})
