import type { AnyCheck } from '../../model/check.ts'
import { noOverlayLeft } from './no-overlay-left.ts'
import { nothingElseChanged } from './nothing-else-changed.ts'
import { nothingLeftInSwarm } from './nothing-left-in-swarm.ts'
import { nothingLeftOnEngine } from './nothing-left-on-engine.ts'

/** What is judged once a run that acted has cleaned up; the residue in addresses is another matter. */
export const residueChecks = [
  nothingLeftInSwarm,
  nothingLeftOnEngine,
  noOverlayLeft,
  nothingElseChanged,
] as const satisfies readonly AnyCheck[]
