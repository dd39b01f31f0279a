import { parseAddress, parseCidr, sizeOf } from '../cidr.ts'
import type { LedgerPool } from '../pool.ts'
import type { Seeded } from './seeded.ts'

/** Swarm's allocator of one overlay, as its source has it: serial, next-fit, one pointer for each subnet. */
export interface Allocator {
  /** The next address, or undefined where all are taken. */
  give(): number | undefined
  /** One that was asked for by name, as attached containers may; false where it is taken. Moves no pointer. */
  take(address: number): boolean
  free(address: number): void
  isTaken(address: number): boolean
  /** What a change of the leader does: whoever holds an address keeps it, what leaked is free, pointers are back at 0. */
  rebuild(held: Iterable<number>): void
}

interface Bitmap {
  readonly base: number
  readonly taken: Uint8Array
  readonly start: number
  readonly end: number
  curr: number
}

export function createAllocator(pools: readonly LedgerPool[], random: Seeded): Allocator {
  const fresh = (): Bitmap[] => pools.map(bitmapOf)
  let bitmaps = fresh()
  const spotOf = (address: number): { bitmap: Bitmap; ordinal: number } => {
    const bitmap = bitmaps.find(({ base, taken }) => address >= base && address < base + taken.length)
    if (bitmap === undefined) throw new Error(`${address} is of no subnet`)
    return { bitmap, ordinal: address - bitmap.base }
  }
  const take = (address: number): boolean => {
    const { bitmap, ordinal } = spotOf(address)
    if (bitmap.taken[ordinal] === 1) return false
    bitmap.taken[ordinal] = 1
    return true
  }
  return {
    give() {
      // Go walks the eight places of a small map from a random one on.
      const offset = random.below(8)
      const order = Array.from({ length: 8 }, (_, index) => bitmaps[(index + offset) % 8])
      for (const bitmap of order) {
        const ordinal = bitmap === undefined ? undefined : next(bitmap)
        if (bitmap === undefined || ordinal === undefined) continue
        bitmap.taken[ordinal] = 1
        bitmap.curr = ordinal + 1
        return bitmap.base + ordinal
      }
      return undefined
    },
    take,
    free(address) {
      const { bitmap, ordinal } = spotOf(address)
      bitmap.taken[ordinal] = 0
    },
    isTaken(address) {
      const { bitmap, ordinal } = spotOf(address)
      return bitmap.taken[ordinal] === 1
    },
    rebuild(held) {
      bitmaps = fresh()
      for (const address of held) take(address)
    },
  }
}

/** `getAvailableFromCurrent`: from the pointer to the end of the range, and then from its start. */
function next({ taken, start, end, curr }: Bitmap): number | undefined {
  if (curr !== 0 && curr > start) {
    for (let ordinal = curr; ordinal <= end; ordinal += 1) if (taken[ordinal] === 0) return ordinal
  }
  for (let ordinal = start; ordinal <= end; ordinal += 1) if (taken[ordinal] === 0) return ordinal
  return undefined
}

function bitmapOf({ subnet, range, reserved }: LedgerPool): Bitmap {
  const [whole, part] = [parseCidr(subnet), parseCidr(range)]
  if (whole === undefined || part === undefined) throw new Error(`${subnet} is no subnet`)
  const taken = new Uint8Array(sizeOf(whole.prefixLength))
  for (const address of reserved) taken[(parseAddress(address) ?? 0) - whole.base] = 1
  const start = part.base - whole.base
  return { base: whole.base, taken, start, end: start + sizeOf(part.prefixLength) - 1, curr: 0 }
}
