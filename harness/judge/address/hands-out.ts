import { parseAddress, parseCidr, sizeOf } from './cidr.ts'
import type { LedgerPool } from './pool.ts'
import { gather, type Stretches, unite, without } from './stretches.ts'

/** All that the allocator hands out of these subnets. */
export function handsOutStretches(pools: readonly LedgerPool[]): Stretches {
  return unite(
    ...pools.map(({ range, reserved }) => {
      const cidr = parseCidr(range)
      if (cidr === undefined) return []
      const all = [{ from: cidr.base, to: cidr.base + sizeOf(cidr.prefixLength) - 1 }]
      return without(all, gather(reserved.flatMap((text) => parseAddress(text) ?? [])))
    }),
  )
}
