import type { AddressPool } from '../../model/facts/networks.ts'
import { type Cidr, contains, formatAddress, formatCidr, parseAddress, parseCidr, sizeOf } from './cidr.ts'

/** One subnet of an overlay, and what of it the allocator hands out. */
export interface LedgerPool {
  /** `10.0.1.0/24`. */
  readonly subnet: string
  /** What addresses are handed out from: the subnet itself where no `--ip-range` narrows it. */
  readonly range: string
  readonly gateway: string
  /** Network, broadcast and gateway address: nobody is ever given one of these. In order. */
  readonly reserved: readonly string[]
  readonly capacity: number
}

/** IPv4 only: undefined for anything else. */
export function poolOf({ Subnet, Gateway, IPRange }: AddressPool): LedgerPool | undefined {
  const subnet = parseCidr(Subnet)
  if (subnet === undefined || Subnet === '') return undefined
  const range = parseCidr(IPRange || Subnet) ?? subnet
  const gateway = parseAddress(Gateway) ?? firstOf(subnet, range)
  const reserved = new Set([...endsOf(subnet), gateway].sort((a, b) => a - b))
  const lost = [...reserved].filter((address) => contains(range, address)).length
  return {
    subnet: formatCidr(subnet),
    range: formatCidr(range),
    gateway: formatAddress(gateway),
    reserved: [...reserved].map(formatAddress),
    capacity: Math.max(0, sizeOf(range.prefixLength) - lost),
  }
}

/** Whether the allocator hands that address out. */
export function handsOut(pools: readonly LedgerPool[]): (address: number) => boolean {
  const parts = pools.flatMap(({ range, reserved }) => {
    const cidr = parseCidr(range)
    return cidr === undefined ? [] : [{ cidr, reserved: new Set(reserved.map(parseAddress)) }]
  })
  return (address) => parts.some(({ cidr, reserved }) => contains(cidr, address) && !reserved.has(address))
}

/** Network and broadcast address; two addresses have neither. Engines before 23.0 never allocate so small a subnet. */
function endsOf(subnet: Cidr): readonly number[] {
  if (subnet.prefixLength > 30) return []
  return [subnet.base, subnet.base + sizeOf(subnet.prefixLength) - 1]
}

/** The allocator takes the first address that it could hand out for a gateway that nobody named. */
function firstOf(subnet: Cidr, range: Cidr): number {
  return range.base === subnet.base && subnet.prefixLength <= 30 ? subnet.base + 1 : range.base
}
