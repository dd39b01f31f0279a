import { parseAddress, parseCidr, sizeOf } from './cidr.ts'
import type { LedgerPool } from './pool.ts'
import { gather, type Stretch, type Stretches, tidy, without } from './stretches.ts'

/** How far the allocator's pointer has certainly come in one subnet, from what it has handed out. */
export interface Course {
  /** What it hands out from, and how many addresses. */
  readonly range: Stretch
  readonly capacity: number
  /** Whether it hands that address out at all. */
  hands(address: number): boolean
  /** What one batch was given of this subnet, in no order; gives what the pointer has passed for it. */
  pass(addresses: readonly number[]): Stretches
  /** For when nothing at all was left to hand out: whatever was not offered is in use. */
  passAll(): void
  isWhole(): boolean
  /** What it has passed, without what is never handed out. Not: what lies behind the last offered address. */
  walked(): Stretches
}

/**
 * The pointer only goes forward, and around at the end: whatever order the addresses of a batch came in, it went at least
 * from where it was to the farthest of them. Others are given addresses from the same pointer meanwhile, and can only
 * make it go farther than that. Undefined for a subnet of which nothing can be handed out.
 */
export function courseOf(pool: LedgerPool): Course | undefined {
  const cidr = parseCidr(pool.range)
  if (cidr === undefined || pool.capacity === 0) return undefined
  const [base, size] = [cidr.base, sizeOf(cidr.prefixLength)]
  const range = { from: base, to: base + size - 1 }
  const reserved = gather(pool.reserved.flatMap((text) => parseAddress(text) ?? []))
  const never = new Set(pool.reserved.map(parseAddress))
  const ahead = (from: number, to: number): number => (to - from + size) % size || size
  /** From `from` on, so many of them, around the end. */
  const arc = (from: number, length: number): Stretches => {
    if (length >= size) return [range]
    const to = from + length - 1
    if (to <= range.to) return length > 0 ? [{ from, to }] : []
    return tidy([
      { from, to: range.to },
      { from: base, to: to - size },
    ])
  }

  /** The first batch, in order of address: which of them came first is not known before the second one. */
  let first: readonly number[] = []
  let start: number | undefined
  let length = 0
  const last = (): number => base + (((start ?? base) - base + length - 1) % size)
  const extend = (addresses: readonly number[]): Stretches => {
    const from = last()
    const farthest = Math.max(...addresses.map((address) => ahead(from, address)))
    length += farthest
    return arc(from + 1 > range.to ? base : from + 1, farthest)
  }

  return {
    range,
    capacity: pool.capacity,
    hands: (address) => address >= range.from && address <= range.to && !never.has(address),
    pass(addresses) {
      if (addresses.length === 0) return []
      if (start !== undefined) return extend(addresses)
      if (first.length === 0) {
        first = addresses.toSorted((a, b) => a - b)
        if (first.length === 1) [start, length] = [first[0], 1]
        return gather(first)
      }
      const begin = beginOf(first, addresses, ahead)
      if (begin === undefined) {
        // Whichever came first: to reach these, the pointer has gone past all of the first batch again.
        ;[start, length] = [first[0], size]
        return [range]
      }
      const [from, to] = begin
      // From the one behind the gap on, around to the one before it.
      ;[start, length] = [to, first.length === 1 ? 1 : ahead(to, from) + 1]
      return extend(addresses)
    },
    passAll() {
      ;[start, length] = [base, size]
    },
    isWhole: () => length >= size,
    walked() {
      if (start === undefined) return gather(first)
      return without(arc(start, length), reserved)
    },
  }
}

/** The gap of the first batch, from one of its addresses to the next, in which the whole second one lies. */
function beginOf(
  first: readonly number[],
  second: readonly number[],
  ahead: (from: number, to: number) => number,
): readonly [number, number] | undefined {
  for (const [index, from] of first.entries()) {
    const to = first[(index + 1) % first.length] ?? from
    const gap = ahead(from, to)
    if (second.every((address) => ahead(from, address) < gap)) return [from, to]
  }
  return undefined
}
