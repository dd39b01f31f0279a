import type { Lap } from '../../model/facts/addresses/census.ts'
import { parseStretches, type Stretches, unite } from './stretches.ts'

export interface WalkedLap {
  readonly offered: Stretches
  /** What was offered has been gone past, too. */
  readonly walked: Stretches
}

/** Saved laps as sets of addresses. */
export function readLaps(laps: readonly Lap[]): readonly WalkedLap[] {
  return laps.map((lap) => {
    const offered = parseStretches(lap.offered)
    return { offered, walked: unite(parseStretches(lap.walked), offered) }
  })
}
