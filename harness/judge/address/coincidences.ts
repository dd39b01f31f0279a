import { common, type Stretches, sizeOfAll, unite, without } from './stretches.ts'
import type { WalkedLap } from './walked-laps.ts'

/**
 * How many addresses are to be expected that no lap was offered only because somebody had them for a moment each time:
 * they would pass for leaked. Reckoned from those who were there in one lap, were gone in another, and are in no reading.
 */
export function expectCoincidences(laps: readonly WalkedLap[], held: Stretches, usable: Stretches): number {
  const size = sizeOfAll(usable)
  if (size === 0 || laps.length === 0) return 0
  const offered = unite(...laps.map((lap) => lap.offered))
  const unseen = laps.map((lap) => sizeOfAll(without(common(without(lap.walked, lap.offered), offered), held)))
  const mean = unseen.reduce((sum, one) => sum + one, 0) / laps.length
  return size * (mean / size) ** laps.length
}

/** One false address in a thousand walks is too many already. */
export const mostCoincidences = 0.001
