import type { Judgement } from '../../model/check.ts'
import type { SwarmObject } from '../../model/facts/residue/swarm-object.ts'
import { isNamed, type RunDeeds, saysOurs } from './belongings.ts'
import type { Difference } from './differences.ts'

export type Fault = Required<Pick<Judgement, 'code' | 'reason' | 'remedy'>>

/** Why a difference can not be left at being somebody else's; undefined where it can. */
export function faultOf(
  { before, after }: Difference,
  deeds: RunDeeds,
  shared: SwarmObject | undefined,
): Fault | undefined {
  if (shared !== undefined && before?.id === shared.id) return sharedTouched
  if (before !== undefined && after !== undefined && saysOurs(deeds, after)) return takenOver
  if ([before, after].some((object) => object !== undefined && isNamed(deeds, object))) return namedByUs
  return undefined
}

const sharedTouched: Fault = {
  code: 'RESIDUE_SHARED_NETWORK',
  reason: 'the network that all stacks share is not the one it was: whatever was on it has lost its way',
  remedy:
    'Look who removed or changed it (`journalctl -u docker`, shell histories), and deploy the stacks on it again, the proxy first.',
}

const takenOver: Fault = {
  code: 'RESIDUE_FOREIGN_MARKED',
  reason: "it was there before the run, and carries the run's label now: by that it looks like the run's own",
  remedy: 'Take the labels `pvcheck.*` off it at once, before anybody sweeps.',
}

const namedByUs: Fault = {
  code: 'RESIDUE_UNEXPLAINED',
  reason: 'an intent of the run is about it, and it was there before the run: the run may have done this',
  remedy: 'Compare it with what it should be, and put it right; then report the evidence: this is a fault of pvcheck.',
}
