import { defineCheck } from '../../model/check.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { services } from '../../model/facts/services.ts'
import { attachedContainers, tasks } from '../../model/facts/tasks.ts'
import { indexLedgers } from '../address/ledger.ts'
import { isAllocated, overlaysOf } from '../address/overlay.ts'
import { judgeOccupancy } from './occupancy.ts'

export const otherOverlaysHaveRoom = defineCheck({
  id: 'PV-NET-005',
  title: 'Every other overlay, `ingress` included, has addresses to spare',
  needs: { networks, nodes, services, tasks, attachedContainers },
  judge: ({ networks, attachedContainers, ...lists }, wanted) => {
    // An overlay that was never allocated has no address at all, and a check of its own.
    const others = overlaysOf(networks).filter(
      (overlay) => overlay.Name !== wanted.sharedNetwork.name && isAllocated(overlay),
    )
    if (others.length > 0) {
      const ledgerOf = indexLedgers({ ...lists, attached: attachedContainers })
      return others.map((overlay) => judgeOccupancy(overlay, ledgerOf(overlay), wanted))
    }
    return [
      {
        subject: 'overlays',
        expected: `below ${wanted.addresses.warnPercent} % held`,
        actual: 'no other overlay',
        verdict: 'n/a',
        reason: 'the shared network is the only overlay; without `ingress` no port can be published through the mesh',
      },
    ]
  },
})
