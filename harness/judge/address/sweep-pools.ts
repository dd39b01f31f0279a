import { formatAddress, parseAddress } from './cidr.ts'
import type { LedgerPool } from './pool.ts'
import { courseOf } from './pool-course.ts'
import { common, formatStretches, gather, parseStretches, type Stretches, sizeOfAll, unite } from './stretches.ts'

/** One lap over the subnets of an overlay, fed with what each batch of canaries was given. */
export interface PoolSweep {
  /**
   * All that one batch was given, in any order. Every address of the batches before must have been handed out before the
   * first canary of this one was created; `stillHeld` are those whose canaries nobody has begun to remove.
   */
  take(addresses: readonly string[], stillHeld?: readonly string[]): void
  /** Whether every subnet has been gone through once, or the window. */
  isDone(): boolean
  /** Of what can be handed out: how much has been gone through, and of how much. */
  progress(): { readonly done: number; readonly of: number }
  /** How many different addresses were handed out. */
  offeredCount(): number
  /** As a lap saves them. */
  offered(): string[]
  walked(): string[]
  /** Why nothing can be concluded: addresses came that could not have come. */
  unsure(): Unsure | undefined
}

export interface Unsure {
  readonly code: string
  readonly seen: string
  readonly remedy: string
}

export interface SweepOptions {
  /** So many addresses, all subnets together, are enough. */
  readonly window?: number
  /** What an earlier lap was offered, and gave back: a pointer that skips much of it has not come there by itself. */
  readonly knownFree?: readonly string[]
}

/** The pure half of a walk: what may be concluded from the addresses that canaries are given, and when it is enough. */
export function sweepPools(pools: readonly LedgerPool[], options: SweepOptions = {}): PoolSweep {
  const courses = pools.flatMap((pool) => {
    const course = courseOf(pool)
    return course === undefined ? [] : [{ course, silentFor: 0 }]
  })
  const capacity = courses.reduce((sum, { course }) => sum + course.capacity, 0)
  const of = Math.min(options.window ?? capacity, capacity)
  const knownFree = parseStretches(options.knownFree ?? [])
  const offered = new Set<number>()
  let unsure: Unsure | undefined

  const countWalked = (): number => courses.reduce((sum, { course }) => sum + sizeOfAll(course.walked()), 0)
  const isWhole = (): boolean => courses.every(({ course }) => course.isWhole())
  const read = (texts: readonly string[]): number[] => {
    const numbers = texts.map((text) => parseAddress(text))
    const strange = texts.find((_, index) => !courses.some(({ course }) => course.hands(numbers[index] ?? -1)))
    if (strange !== undefined) unsure ??= strangeAddress(strange)
    return numbers.filter((number) => number !== undefined)
  }

  return {
    take(texts, stillHeld = []) {
      const addresses = read(texts)
      const held = new Set(stillHeld.map(parseAddress))
      const twice = addresses.find((address, index) => held.has(address) || addresses.indexOf(address) !== index)
      if (twice !== undefined) unsure ??= heldTwice(twice)
      for (const entry of courses) {
        const own = addresses.filter(entry.course.hands)
        const passed = entry.course.pass(own)
        const ours = gather([...own, ...[...held].filter((address) => address !== undefined)])
        const skipped = sizeOfAll(common(passed, knownFree)) - sizeOfAll(common(common(passed, knownFree), ours))
        if (skipped > Math.max(mostTakenByOthers, 2 * addresses.length)) unsure ??= jumped(skipped)
        entry.silentFor = own.length > 0 ? 0 : entry.silentFor + addresses.length
        if (entry.silentFor >= silence) entry.course.passAll()
      }
      for (const address of addresses) offered.add(address)
    },
    isDone: () => isWhole() || (options.window !== undefined && countWalked() >= of),
    progress: () => ({ done: Math.min(of, isWhole() ? of : countWalked()), of }),
    offeredCount: () => offered.size,
    offered: () => formatStretches(gather(offered)),
    walked: () => formatStretches(walkedOf(courses)),
    unsure: () => unsure,
  }
}

/**
 * Which of several subnets comes first is drawn anew for each address, the rarest every eighth time. One that has not come
 * for so long has nothing left to hand out (by chance: once in 10^14 walks).
 */
const silence = 256

/** A burst of other people's deploys between two batches can take so many. */
const mostTakenByOthers = 64

function walkedOf(courses: readonly { readonly course: { walked(): Stretches } }[]): Stretches {
  return unite(...courses.map(({ course }) => course.walked()))
}

const again =
  'Take the census again; where it happens once more, see whether dockerd or the leader of the Swarm changes.'

function strangeAddress(text: string): Unsure {
  return {
    code: 'STRANGE_ADDRESS',
    seen: `a canary was given ${text.slice(0, 60)}, which the network does not hand out`,
    remedy: again,
  }
}

function heldTwice(address: number): Unsure {
  return {
    code: 'HANDED_OUT_TWICE',
    seen: `${formatAddress(address)} was handed out while another canary still held it`,
    remedy: again,
  }
}

function jumped(skipped: number): Unsure {
  return {
    code: 'POINTER_JUMPED',
    seen: `the allocator passed over ${skipped} addresses at once that it had handed out, and been given back, a lap before`,
    remedy: again,
  }
}
