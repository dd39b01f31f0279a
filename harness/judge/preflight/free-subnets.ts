import type { Network } from '../../model/facts/networks.ts'
import { type Cidr, overlaps, parseCidr, sizeOf } from '../address/cidr.ts'
import { overlaysOf, subnetsOf } from '../address/overlay.ts'

export interface FreeSubnets {
  /** How long they are: 24. */
  readonly prefixLength: number
  /** At least: where two overlays lie in one, it is counted twice. */
  readonly free: number
}

/** How many networks the Swarm can still give a subnet from its own pools; undefined where it does not tell them. */
export function freeSubnets(
  networks: readonly Network[],
  pools: readonly string[],
  prefixLength: number | undefined,
): FreeSubnets | undefined {
  const ranges = pools.map(parseCidr).filter((pool) => pool !== undefined)
  if (prefixLength === undefined || ranges.length === 0) return undefined
  const taken = overlaysOf(networks).flatMap(subnetsOf)
  const free = ranges.reduce((sum, pool) => sum + freeIn(pool, taken, prefixLength), 0)
  return { prefixLength, free: Math.max(0, free) }
}

function freeIn(pool: Cidr, taken: readonly Cidr[], prefixLength: number): number {
  const all = Math.floor(sizeOf(pool.prefixLength) / sizeOf(prefixLength))
  const lost = taken.filter((subnet) => overlaps(subnet, pool)).map((subnet) => blocksOf(subnet, pool, prefixLength))
  return Math.max(0, all - lost.reduce((sum, blocks) => sum + blocks, 0))
}

/** How many subnets of that length it keeps from being given out. */
function blocksOf(subnet: Cidr, pool: Cidr, prefixLength: number): number {
  const inPool = subnet.prefixLength <= pool.prefixLength ? pool : subnet
  return Math.max(1, sizeOf(inPool.prefixLength) / sizeOf(prefixLength))
}
