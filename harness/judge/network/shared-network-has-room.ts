import { defineCheck } from '../../model/check.ts'
import { addressReading } from '../../model/facts/addresses/reading.ts'
import { ledgerOf } from '../address/ledger.ts'
import { sharedNetworkOf } from '../address/overlay.ts'
import { judgeOccupancy } from './occupancy.ts'

export const sharedNetworkHasRoom = defineCheck({
  id: 'PV-NET-004',
  title: 'The shared network has addresses to spare',
  needs: { reading: addressReading },
  judge: ({ reading }, wanted) => {
    const shared = sharedNetworkOf(reading.networks, wanted)
    if (shared !== undefined) return [judgeOccupancy(shared, ledgerOf(reading, shared), wanted)]
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
