import type { Judgement } from '../../model/check.ts'
import { defineCheck } from '../../model/check.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import type { Network } from '../../model/facts/networks.ts'
import { networks } from '../../model/facts/networks.ts'
import { isAllocated, listSubnets, nameOf, overlaysOf, subnetsOf } from '../address/overlay.ts'
import { count, duration } from '../say.ts'

const expected = 'driver and subnet'

export const overlaysAreAllocated = defineCheck({
  id: 'PV-NET-008',
  title: 'Every overlay has been given a driver and a subnet',
  needs: { info: engineInfo, networks },
  judge: ({ info, networks }) => {
    const overlays = overlaysOf(networks)
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
    const now = Date.parse(info.SystemTime)
    return without.map((overlay) => judgeWithout(overlay, now - Date.parse(overlay.Created)))
  },
})

/** The allocator answers within milliseconds; what has waited for longer than this is not on its way. */
const graceMs = 10_000

function judgeWithout(overlay: Network, ageMs: number): Judgement {
  const said = {
    subject: nameOf(overlay),
    expected,
    actual: `driver "${overlay.Driver}", subnet ${listSubnets(subnetsOf(overlay))}`,
  }
  if (ageMs < graceMs) {
    const reason = `it has been there for ${duration(ageMs)} only: whether it will be given them cannot be told yet`
    return { ...said, verdict: 'unknown', reason, remedy: 'Look again in half a minute.' }
  }
  return {
    ...said,
    verdict: 'fail',
    reason:
      'the Swarm accepted it and then found no subnet for it, mostly because the one that was asked for overlaps another; services on it hang in `New`',
    remedy: `Remove the services on it, then \`docker network rm ${overlay.Id}\`, and create it again with a subnet that is free.`,
  }
}
