import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import { judgeCensus } from './judge-census.ts'

const mostLaps = 6

/**
 * Whether what has been walked of a network so far, as if it had ended now, wants one more lap: after the first where it
 * missed what nobody holds, and after others as long as so many come and go that two of them could pass for a leak.
 */
export function needsAnotherLap(soFar: AddressCensus, networkId: string): boolean {
  const laps = soFar.walks.findLast((walk) => walk.networkId === networkId)?.laps.length ?? 0
  if (laps === 0) return true
  return laps < mostLaps && judgeCensus(soFar, networkId).unconfirmed.length > 0
}
