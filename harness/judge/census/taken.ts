import type { NetworkCensus } from '../address/network-census.ts'

export interface Taken {
  readonly count: number
  /** Of the capacity; undefined for a network without an IPv4 subnet. */
  readonly percent: number | undefined
  /** Whether nothing can come on top: else leaked addresses are not in it, or not all of them. */
  readonly isExact: boolean
}

/** How many addresses of an overlay nobody else can be given: held ones, and leaked ones as far as they are known. */
export function takenOf({ ledger, free, leaked }: NetworkCensus): Taken {
  const { capacity } = ledger
  const count = free.isExact ? Math.max(0, capacity - free.count) : ledger.held + leastOf(leaked)
  // An IPv4 subnet too small to hand anything out is full.
  const percent = capacity > 0 ? (count / capacity) * 100 : ledger.percent
  return { count, percent, isExact: free.isExact }
}

/** How many are leaked for certain. */
export function leastOf(leaked: NetworkCensus['leaked']): number {
  switch (leaked.state) {
    case 'exact':
      return leaked.addresses.length
    case 'counted':
      return leaked.count
    case 'estimated':
      return leaked.atLeast
    case 'unknown':
      return 0
  }
}
