import { defineCheck } from '../../model/check.ts'
import { networks } from '../../model/facts/networks.ts'
import { isAllocated, listSubnets, nameOf, overlaysOf, subnetsOf } from '../address/overlay.ts'
import { count } from '../say.ts'

export const overlaysAreAllocated = defineCheck({
  id: 'PV-NET-008',
  title: 'Every overlay has been given a driver and a subnet',
  needs: { networks },
  judge: ({ networks }) => {
    const overlays = overlaysOf(networks)
    const expected = 'driver and subnet'
    const without = overlays.filter((overlay) => !isAllocated(overlay))
    if (without.length === 0) {
      return [
        {
          subject: 'overlays',
          expected,
          actual: `${count(overlays.length, 'overlay')}, all with both`,
          verdict: 'pass',
        },
      ]
    }
    return without.map((overlay) => ({
      subject: nameOf(overlay),
      expected,
      actual: `driver "${overlay.Driver}", subnet ${listSubnets(subnetsOf(overlay))}`,
      verdict: 'fail',
      reason:
        'the Swarm accepted it and then found no subnet for it, mostly because the one that was asked for overlaps another; services on it hang in `New`',
      remedy: `Remove the services on it, then \`docker network rm ${overlay.Id}\`, and create it again with a subnet that is free.`,
    }))
  },
})
