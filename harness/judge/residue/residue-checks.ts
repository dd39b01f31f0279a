import type { AnyCheck } from '../../model/check.ts'
import { noAddressIsLost } from './no-address-is-lost.ts'
import { noOverlayLeft } from './no-overlay-left.ts'
import { nothingElseChanged } from './nothing-else-changed.ts'
import { nothingLeftInSwarm } from './nothing-left-in-swarm.ts'
import { nothingLeftOnEngine } from './nothing-left-on-engine.ts'

/** What is judged once any run that acted has cleaned up. */
export const objectResidueChecks = [
  nothingLeftInSwarm,
  nothingLeftOnEngine,
  noOverlayLeft,
  nothingElseChanged,
] as const satisfies readonly AnyCheck[]

/** What is judged once a run that had throwaway stacks has cleaned up. */
export const residueChecks = [...objectResidueChecks, noAddressIsLost] as const satisfies readonly AnyCheck[]
