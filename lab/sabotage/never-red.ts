import type { CheckId } from '../../harness/model/finding.ts'

/** Checks that no sabotage turns, and why: what they ask is not to be had of any engine that a practice host can run. */
export const neverRed: Readonly<Partial<Record<CheckId, string>>> = {
  'PV-NET-011':
    'nothing yet: no practice host runs an engine of API 1.52, which is the first that tells its count; it was tried on recorded answers of one',
}
