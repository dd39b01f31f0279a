import { findLeader } from './leader.ts'
import { isAlive } from './process.ts'
import type { FoundLab } from './record.ts'

/** `booting`: somebody is at it; `half`: whoever was is dead; `dead`: it stood, and does not run any more. */
export type LabState = 'booting' | 'running' | 'half' | 'dead'

export async function labState(lab: FoundLab): Promise<LabState> {
  if (lab.record === undefined) return 'half'
  if (lab.record.phase === 'creating') return (await isAlive(lab.record.owner)) ? 'booting' : 'half'
  return (await findLeader(lab.record)) === undefined ? 'dead' : 'running'
}
