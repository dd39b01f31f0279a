import { PvcheckError } from '../core/errors.ts'

/** Something of runs that are over could not be removed. */
export function deadRunsLeft(left: readonly string[]): PvcheckError {
  return new PvcheckError({
    code: 'RUN_DEAD_RUNS_LEFT',
    seen: `what a dead run has left could not be removed: ${left.join('; ')}`,
    wanted: 'a Swarm on which nothing of a dead run is left',
    remedy: 'Mend what the reasons name, then run `pvcheck sweep`.',
    exit: 'residue',
  })
}

/** Something of this run could not be removed, and its janitor goes on trying. */
export function runLeft(left: readonly string[]): PvcheckError {
  return new PvcheckError({
    code: 'RUN_LEFT_RESIDUE',
    seen: `what this run created could not all be removed: ${left.join('; ')}`,
    wanted: 'nothing left of what the run created',
    remedy: goesOn,
    exit: 'residue',
  })
}

/** Nobody waits any longer for what this run created to be gone. */
export function leftToJanitor(why: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'RUN_LEFT_TO_JANITOR',
    seen: `what this run created was still being removed when ${why}`,
    wanted: 'to see that nothing is left of what the run created',
    remedy: goesOn,
    exit: 'residue',
    cause,
  })
}

/** Nobody could see in time whether anything is left. */
export function residueTooLate(afterMs: number): PvcheckError {
  return new PvcheckError({
    code: 'RUN_RESIDUE_TOO_LATE',
    seen: `the target had not told within ${afterMs / 1000} s what of this run is left`,
    wanted: 'to see that nothing is left of what the run created',
    remedy:
      'All that it knew of was removed. Look at the load of the manager and at dockerd; `pvcheck sweep -v` prints nothing where nothing is left.',
    exit: 'unknown',
  })
}

const goesOn =
  'The janitor of the run goes on by itself, without this command. `pvcheck sweep -v` names the run while that is at work, finishes what it could not, and prints nothing once all is gone.'

/** The work ended before it came to what it was to tell. */
export function notTold({ what }: { readonly what: string }): PvcheckError {
  return new PvcheckError({
    code: 'RUN_NOT_TOLD',
    seen: `the specs ended without a word about ${what}`,
    wanted: 'specs that come to their end',
    remedy: 'See why they were cut short, and run it again.',
    exit: 'unknown',
  })
}
