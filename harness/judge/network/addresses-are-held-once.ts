import { defineCheck } from '../../model/check.ts'
import { addressReading } from '../../model/facts/addresses/reading.ts'
import type { Holder } from '../address/holders.ts'
import { indexHolders } from '../address/holders.ts'
import { nameOf, overlaysOf } from '../address/overlay.ts'
import { count, list } from '../say.ts'

export const addressesAreHeldOnce = defineCheck({
  id: 'PV-NET-006',
  title: 'No address of an overlay is held twice',
  needs: { reading: addressReading },
  judge: ({ reading }) => {
    const expected = 'every VIP and every address of a task has one holder'
    const holdersOn = indexHolders(reading)
    let seen = 0
    const shared = overlaysOf(reading.networks).flatMap((network) => {
      const byAddress = holdersByAddress(holdersOn(network))
      seen += byAddress.size
      return [...byAddress].filter(([, who]) => who.length > 1).map(([address, who]) => ({ network, address, who }))
    })
    if (shared.length === 0) {
      return [
        {
          subject: 'overlays',
          expected,
          actual: `${count(seen, 'address', 'addresses')}, each held once`,
          verdict: 'pass',
        },
      ]
    }
    return shared.map(({ network, address, who }) => ({
      subject: `${address} on ${nameOf(network)}`,
      expected,
      actual: `held by ${list(who)}`,
      verdict: reading.moved ? 'unknown' : 'fail',
      reason: reading.moved
        ? 'addresses were taken and given back all the while that it was read: one of the two may be gone'
        : 'what is sent to one of them reaches the other; the Swarm gives a VIP away when a service is put on a full network, and after a restart can accept two holders, without a word in its log',
      remedy:
        'Recreate one of the two services (remove it, wait until its tasks have ended, deploy it again), and look here once more.',
    }))
  },
})

function holdersByAddress(holders: readonly Holder[]): ReadonlyMap<string, readonly string[]> {
  const byAddress = new Map<string, string[]>()
  for (const { address, who } of holders) {
    if (address === undefined) continue
    const others = byAddress.get(address)
    if (others === undefined) byAddress.set(address, [who])
    else others.push(who)
  }
  return byAddress
}
