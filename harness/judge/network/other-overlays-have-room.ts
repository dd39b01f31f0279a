import { defineCheck } from '../../model/check.ts'
import { addressReading } from '../../model/facts/addresses/reading.ts'
import { indexLedgers } from '../address/ledger.ts'
import { isAllocated, overlaysOf } from '../address/overlay.ts'
import { judgeOccupancy } from './occupancy.ts'

export const otherOverlaysHaveRoom = defineCheck({
  id: 'PV-NET-005',
  title: 'Every other overlay, `ingress` included, has addresses to spare',
  needs: { reading: addressReading },
  judge: ({ reading }, wanted) => {
    // An overlay that was never allocated has no address at all, and a check of its own.
    const others = overlaysOf(reading.networks).filter(
      (overlay) => overlay.Name !== wanted.sharedNetwork.name && isAllocated(overlay),
    )
    if (others.length > 0) {
      const ledgerOf = indexLedgers(reading)
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
