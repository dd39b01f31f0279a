import type { AddressCensus } from '../../model/facts/addresses/census.ts'
import { judgeCensus, numberOf } from '../address/judge-census.ts'
import type { LeakPoint } from '../address/projection.ts'

/** What a census adds to the course of the leak on one network; undefined where it does not tell how many had leaked. */
export function leakPointOf(census: AddressCensus, networkId: string): LeakPoint | undefined {
  const last = census.readings.at(-1)
  // A network that was not there yet, or not asked about.
  if (last === undefined || !last.networks.some(({ Id }) => Id === networkId)) return undefined
  if (census.asked !== undefined && !census.asked.includes(networkId)) return undefined
  const { leaked, free } = judgeCensus(census, networkId)
  const count = numberOf(leaked)
  if (count === undefined) return undefined
  const walk = census.walks.findLast((one) => one.networkId === networkId)
  return {
    at: walk?.laps.at(-1)?.endedAt ?? last.endedAt,
    leaked: count,
    ...(leaked.state === 'exact' ? { addresses: leaked.addresses } : {}),
    free: free.count,
    allocator: lifeOf(census),
  }
}

/**
 * The same text for one and the same life of the allocator. Where nobody could tell since when it is in charge, it may
 * have begun anew before every census, and have given back what had leaked: then each is of a life of its own.
 */
export function lifeOf({ allocator, readings }: AddressCensus): string {
  const { leader, engineStartedAt } = allocator
  return `${leader} since ${engineStartedAt ?? `nobody knows when before ${readings.at(-1)?.endedAt ?? 'all'}`}`
}
