import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import type { Network } from '../../model/facts/networks.ts'
import type { NetworkCensus } from '../address/network-census.ts'
import { listSubnets, overlaysOf, subnetsOf } from '../address/overlay.ts'
import { poolOf } from '../address/pool.ts'
import { type BeforeAndAfter, beforeAndAfter, projectLeaks } from '../address/project-leaks.ts'
import type { LeakPoint, Projection } from '../address/projection.ts'

/** What another subnet changes: an empty one is full after so many days, at the same rate. */
export interface SubnetChange extends BeforeAndAfter {
  /** Whether it has been made: a network of that name had another subnet. Else a /16 is held against what there is. */
  readonly isMade: boolean
  /** `10.10.0.0/24`, or several; the new one of a change that was not made is `/16`. */
  readonly from: string
  readonly to: string
  /** Leaked addresses a day: as now, or as on the network before where the one now has no rate yet. */
  readonly perDay: number
}

/** Of a /16, without network, broadcast and gateway address. */
const capacityOf16 = 2 ** 16 - 3

export interface SubnetCourse {
  readonly found: NetworkCensus
  readonly projection: Projection
  /** The oldest first. */
  readonly earlier: readonly AddressCensus[]
  /** The earlier points of another network. */
  readonly pointsOf: (networkId: string) => readonly LeakPoint[]
}

/** Undefined where no rate is known, nothing leaks, or the network is as wide as a /16 and was never another. */
export function subnetChange({ found, projection, earlier, pointsOf }: SubnetCourse): SubnetChange | undefined {
  const { capacity } = found.ledger
  const rate = rateOf(projection)
  if (capacity === 0 || rate === 0) return undefined
  const to = found.subnets.join(', ')
  const before = networkBefore(found, earlier)
  if (before !== undefined) {
    const points = pointsOf(before.Id)
    const perDay = rate ?? rateOf(projectLeaks(points, Date.parse(points.at(-1)?.at ?? '')))
    if (perDay === undefined || perDay === 0) return undefined
    const from = listSubnets(subnetsOf(before))
    return { isMade: true, from, to, perDay, ...beforeAndAfter(perDay, capacityOf(before), capacity) }
  }
  if (rate === undefined || capacity >= capacityOf16) return undefined
  return { isMade: false, from: to, to: '/16', perDay: rate, ...beforeAndAfter(rate, capacity, capacityOf16) }
}

function rateOf(projection: Projection): number | undefined {
  return projection.state === 'known' ? projection.perDay.likely : undefined
}

/** The last one of that name with another subnet. */
function networkBefore({ id, name, subnets }: NetworkCensus, earlier: readonly AddressCensus[]): Network | undefined {
  const now = new Set(subnets)
  return earlier
    .flatMap(({ readings }) => readings.at(-1) ?? [])
    .flatMap(({ networks }) => overlaysOf(networks))
    .findLast((network) => {
      const its = listSubnets(subnetsOf(network)).split(', ')
      const isOther = its.length !== now.size || its.some((subnet) => !now.has(subnet))
      return network.Name === name && network.Id !== id && capacityOf(network) > 0 && isOther
    })
}

function capacityOf({ IPAM }: Network): number {
  return (IPAM.Config ?? []).flatMap((pool) => poolOf(pool) ?? []).reduce((sum, pool) => sum + pool.capacity, 0)
}
