import type { ExitName } from '../../../harness/core/exit.ts'
import type { CheckId } from '../../../harness/model/finding.ts'
import type { LabMachine } from '../../host/machine.ts'
import type { Sabotage } from '../sabotage.ts'

/**
 * One that is seen by a run which acts. What is to happen in the middle of that run, the host does by itself: an ambush,
 * laid before it begins.
 */
export interface ActingSabotage extends Sabotage {
  /** How the run ends. */
  readonly exit: ExitName
  /** What the run says of itself, besides what the checks find: these codes. */
  readonly troubles?: readonly string[]
  /** Checks that stay green, and what they say all the same. */
  readonly tells?: Readonly<Record<CheckId, RegExp>>
  /** The throwaway stacks are to run on the second node. */
  readonly place?: 'second'
  /** What the run cannot remove, and says so: it goes by `pvcheck sweep` when the host is mended. */
  readonly leaves?: true
  /** What it plants is nobody's to sweep: `pvcheck sweep` says so for as long as it is there. */
  readonly stays?: true
  /** What must hold on the host when the run is over, as shell; it says what it saw. */
  readonly afterwards?: string
}

type Blocking = Pick<ActingSabotage, 'name' | 'what'> & {
  readonly reddens: Sabotage['reddens']
  readonly exit?: ExitName
  breaks(machine: LabMachine, signal: AbortSignal): Promise<void>
  mends(machine: LabMachine, signal: AbortSignal): Promise<void>
}

/** One for which the host is not fit to be acted on, by the first of these checks: nothing on it is touched. */
export function blocking({ reddens, exit = 'blocked', ...rest }: Blocking): ActingSabotage {
  const standing = Object.keys(reddens).filter((check) => check.startsWith('PV-PRE-'))
  return {
    ...rest,
    exit,
    reddens: {
      ...reddens,
      'PV-HEAD-001': { verdict: 'blocked', says: new RegExp(`(${standing.join('|')}) is not green`) },
    },
  }
}
