import type { Judgement } from '../../model/check.ts'
import type { AddressCensus, Walk } from '../../model/facts/addresses/census.ts'
import type { Network } from '../../model/facts/networks.ts'
import { judgeCensus } from '../address/judge-census.ts'
import type { NetworkCensus } from '../address/network-census.ts'
import { overlaysOf } from '../address/overlay.ts'

export interface CensusOf {
  /** As the last reading that has it lists it. */
  readonly network: Network
  readonly found: NetworkCensus
  /** Where it was walked, or was to be. */
  readonly walk: Walk | undefined
}

/** What a census says of each overlay that was asked about. */
export function networksOf({ asked, ...census }: AddressCensus): readonly CensusOf[] {
  const listed = census.readings.flatMap(({ networks }) => overlaysOf(networks))
  const known = new Map(listed.map((overlay) => [overlay.Id, overlay]))
  return [...known.values()]
    .filter(({ Id }) => asked?.includes(Id) ?? true)
    .map((network) => ({
      network,
      found: judgeCensus(census, network.Id),
      walk: census.walks.findLast(({ networkId }) => networkId === network.Id),
    }))
}

/** A Swarm without an overlay. */
export function noNetwork(expected: string): Judgement {
  return { subject: 'overlays', expected, actual: 'no overlay', verdict: 'n/a', reason: 'the Swarm has none' }
}
