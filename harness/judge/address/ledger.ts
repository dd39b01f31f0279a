import type { Network } from '../../model/facts/networks.ts'
import { contains, parseAddress, parseCidr } from './cidr.ts'
import { type AddressLists, type Holder, type HolderKind, indexHolders } from './holders.ts'
import { handsOut, type LedgerPool, poolOf } from './pool.ts'

/** For one overlay: what can be handed out, who holds what, and what is left. Leaked addresses are in no list. */
export interface Ledger {
  /** IPv4 only, in the order of the network. */
  readonly pools: readonly LedgerPool[]
  /** What can be handed out: without network, broadcast and gateway address, and within the range if there is one. */
  readonly capacity: number
  /** Addresses of the subnets that nobody is ever given. */
  readonly reserved: number
  readonly holders: readonly Holder[]
  /** How many holders there are of each kind. */
  readonly tally: Readonly<Record<HolderKind, number>>
  /** Distinct addresses, and the load balancers whose addresses are not known. */
  readonly held: number
  /** What is left at most: leaked addresses are not seen here. */
  readonly free: number
  /** Of the capacity, 0 to 100 and more; undefined for a network without an IPv4 subnet. */
  readonly percent: number | undefined
  /** What the engine itself counts; undefined where it does not tell (before API 1.52). */
  readonly engine: EngineCount | undefined
}

export interface EngineCount {
  /** Over all subnets; network, broadcast and gateway addresses included, leaked ones too. */
  readonly inUse: number
  /** What it can still hand out. */
  readonly free: number
  /** In use beyond what is reserved and held: leaked. Below 0 the ledger has holders that the allocator does not know. */
  readonly unexplained: number
}

/** The ledgers of all overlays, from one pass over the lists. */
export function indexLedgers(lists: AddressLists): (network: Network) => Ledger {
  const holdersOn = indexHolders(lists)
  return (network) => {
    const pools = (network.IPAM.Config ?? []).flatMap((pool) => poolOf(pool) ?? [])
    const capacity = pools.reduce((sum, pool) => sum + pool.capacity, 0)
    const reserved = pools.reduce((sum, pool) => sum + pool.reserved.length, 0)
    const holders = holdersOn(network)
    const { held, inPools, taken } = countHeld(holders, pools)
    return {
      pools,
      capacity,
      reserved,
      holders,
      tally: tallyOf(holders),
      held,
      free: Math.max(0, capacity - taken),
      percent: percentOf(taken, capacity, pools.length),
      engine: engineCount(lists.counts?.[network.Id], pools, reserved + inPools),
    }
  }
}

const indexed = new WeakMap<AddressLists, (network: Network) => Ledger>()

/** The ledger of one overlay. The lists are never changed, so whoever asks for the next one has them indexed. */
export function ledgerOf(lists: AddressLists, network: Network): Ledger {
  const index = indexed.get(lists) ?? indexLedgers(lists)
  indexed.set(lists, index)
  return index(network)
}

interface Counted {
  readonly held: number
  /** Of those the IPv4 ones, which is what the engine's counts are held against. */
  readonly inPools: number
  /** Of those what could have been handed out. */
  readonly taken: number
}

/** A container may be given an address outside the range by hand: that takes nothing of what is handed out. */
function countHeld(holders: readonly Holder[], pools: readonly LedgerPool[]): Counted {
  const addresses = new Set<string>()
  let unread = 0
  for (const { address } of holders) {
    if (address === undefined) unread += 1
    else addresses.add(address)
  }
  const canHandOut = handsOut(pools)
  const subnets = pools.flatMap(({ subnet }) => parseCidr(subnet) ?? [])
  let [version6, outside] = [0, 0]
  for (const text of addresses) {
    const address = parseAddress(text)
    if (address === undefined) version6 += 1
    else if (!canHandOut(address) && subnets.some((subnet) => contains(subnet, address))) outside += 1
  }
  const held = addresses.size + unread
  return { held, inPools: held - version6, taken: held - version6 - outside }
}

function tallyOf(holders: readonly Holder[]): Readonly<Record<HolderKind, number>> {
  const tally = { vip: 0, task: 0, attached: 0, balancer: 0 }
  for (const { kind } of holders) tally[kind] += 1
  return tally
}

/** An IPv4 subnet too small to hand anything out is full; a network without one is nothing of the kind. */
function percentOf(taken: number, capacity: number, pools: number): number | undefined {
  if (capacity > 0) return (taken / capacity) * 100
  return pools > 0 ? 100 : undefined
}

function engineCount(
  counts: Readonly<Record<string, { readonly inUse: number; readonly free: number }>> | undefined,
  pools: readonly LedgerPool[],
  explained: number,
): EngineCount | undefined {
  const subnets = pools.flatMap(({ subnet }) => counts?.[subnet] ?? [])
  // A part of the subnets would pass for the whole.
  if (subnets.length === 0 || subnets.length < pools.length) return undefined
  const inUse = subnets.reduce((sum, subnet) => sum + subnet.inUse, 0)
  const free = subnets.reduce((sum, subnet) => sum + subnet.free, 0)
  return { inUse, free, unexplained: inUse - explained }
}
