import { defineCheck } from '../../model/check.ts'
import type { Network } from '../../model/facts/networks.ts'
import { networks } from '../../model/facts/networks.ts'
import type { Cidr } from '../address/cidr.ts'
import { formatCidr, overlaps } from '../address/cidr.ts'
import { nameOf, overlaysOf, subnetsOf } from '../address/overlay.ts'
import { count } from '../say.ts'

export const overlaysDoNotOverlap = defineCheck({
  id: 'PV-NET-009',
  title: 'No two overlays of the Swarm share an address',
  needs: { networks },
  judge: ({ networks }) => {
    const pools = overlaysOf(networks).flatMap((network) => subnetsOf(network).map((subnet) => ({ network, subnet })))
    const expected = 'no overlap'
    const clashes = pools.flatMap((pool, index) =>
      pools
        .slice(index + 1)
        .filter((other) => overlaps(pool.subnet, other.subnet))
        .map((other) => ({ pool, other })),
    )
    if (clashes.length === 0) {
      return [{ subject: 'overlays', expected, actual: `none among ${count(pools.length, 'subnet')}`, verdict: 'pass' }]
    }
    return clashes.map(({ pool, other }) => ({
      subject: `${pool.network.Name} and ${other.network.Name}`,
      expected,
      actual: `${describe(pool)} overlaps ${describe(other)}`,
      verdict: 'fail',
      reason: 'a task on both cannot tell them apart; a network made with `--ip-range` escapes the check of the Swarm',
      remedy: `Recreate the one with fewer services on a subnet that is free.`,
    }))
  },
})

function describe({ network, subnet }: { network: Network; subnet: Cidr }): string {
  return `${formatCidr(subnet)} of ${nameOf(network)}`
}
