import type { CheckId } from '../../harness/model/finding.ts'
import type { LabMachine } from '../host/machine.ts'

/** How a check takes it: the worst of its findings, and what all say that are not green. */
export interface Reddening {
  readonly verdict: 'fail' | 'blocked' | 'unknown'
  /** What each of these findings says, from its subject to its reason: the cause, or the check that names it. */
  readonly says: RegExp
  /** What those of them say that are not as bad as the worst: unknown, beside a failure. */
  readonly beside?: RegExp
}

/** One named way to break a practice host, and to mend it again. Both may be called twice. */
export interface Sabotage {
  readonly name: string
  /** What it does to the host, in one sentence. */
  readonly what: string
  /**
   * The checks that turn, and no others: written down before anyone has seen them turn. The first one names the cause,
   * what stands after it follows from that. None at all: pvcheck must not fall for it.
   */
  readonly reddens: Readonly<Record<CheckId, Reddening>>
  /** The run ends at the door with this code: nothing is judged, and the checks named in `reddens` could not be. */
  readonly stops?: string
  /** Seen from outside by the host's own SOCKS proxy: names are then looked up on the host, not by pvcheck. */
  readonly through?: 'socks'
  /** Checks that do not apply then, and why: what cannot be told must not be taken for well. */
  readonly excuses?: Readonly<Record<CheckId, RegExp>>
  breaks(machine: LabMachine, signal: AbortSignal): Promise<void>
  mends(machine: LabMachine, signal: AbortSignal): Promise<void>
}
