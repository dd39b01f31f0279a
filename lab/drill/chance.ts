import { createHash } from 'node:crypto'

/** Choices that look random, and are the same for the same seed on every machine. */
export interface Chance {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number
  /** The same things in another order. */
  shuffle<T>(things: readonly T[]): T[]
}

/** Each choice is a hash of the seed and of how many came before it. */
export function createChance(seed: string): Chance {
  let count = 0
  const below = (limit: number): number => {
    count += 1
    const digest = createHash('sha256').update(`${seed}\0${count}`).digest()
    // 48 bits: what a limit that is no power of two favours does not show.
    return digest.readUIntBE(0, 6) % limit
  }
  return {
    below,
    shuffle: <T>(things: readonly T[]): T[] => {
      const rest = [...things]
      const shuffled: T[] = []
      while (rest.length > 0) shuffled.push(...rest.splice(below(rest.length), 1))
      return shuffled
    },
  }
}
