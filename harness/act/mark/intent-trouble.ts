import { messageOf, PvcheckError } from '../../core/errors.ts'
import { systemCode } from '../../core/file.ts'
import { isDiskFull } from '../../record/evidence/disk.ts'

/** Why an intent is not on disk; what it was about must then not be created. */
export function intentProblem(path: string, error: unknown): PvcheckError {
  if (isDiskFull(error)) {
    return new PvcheckError({
      code: 'INTENTS_DISK_FULL',
      seen: `no room left for ${path} (${systemCode(error)})`,
      wanted: 'what is about to be created written down first',
      remedy: 'Make room there, and run again; what was created until then is in that file.',
      exit: 'blocked',
      cause: error,
    })
  }
  return new PvcheckError({
    code: 'INTENTS_UNWRITABLE',
    seen: `cannot write ${path}: ${messageOf(error)}`,
    wanted: 'what is about to be created written down first',
    remedy: 'Look at that folder: its owner, its rights, its disk. `XDG_STATE_HOME` can name another one.',
    exit: 'blocked',
    cause: error,
  })
}

/** Why what a run left cannot be told from its file. */
export function unreadable(path: string, error: unknown): PvcheckError {
  return new PvcheckError({
    code: 'INTENTS_UNREADABLE',
    seen: `cannot read ${path}: ${messageOf(error)}`,
    wanted: 'the list of what a run was about to create',
    remedy: 'Look at that file: its owner, its rights, its disk.',
    exit: 'unknown',
    cause: error,
  })
}

/** A file in which more than the end of its last line is missing. */
export function damagedAt(path: string, lineNumber: number, why: string): PvcheckError {
  return new PvcheckError({
    code: 'INTENTS_DAMAGED',
    seen: `${path} is damaged in line ${lineNumber}: ${why}`,
    wanted: 'lines as pvcheck wrote them; only the last one may be torn',
    remedy:
      'Do not trust that file to name all that the run left: what carries the label `pvcheck.run` with the name of the file is what it created. Remove the file when none is left.',
    exit: 'unknown',
  })
}

/** A file of that run is there already; two writers would hide things from each other. */
export function fileExists(path: string, cause: unknown): PvcheckError {
  return new PvcheckError({
    code: 'INTENTS_EXIST',
    seen: `${path} is there already`,
    wanted: 'a new file for each run',
    remedy: 'Start the run again; it gets an id of its own.',
    exit: 'blocked',
    cause,
  })
}

/** Something would be forgotten that may still be there. */
export function stillOpen(path: string, names: readonly string[]): PvcheckError {
  return new PvcheckError({
    code: 'INTENTS_OPEN',
    seen: `by ${path} these may still be there: ${names.join(', ')}`,
    wanted: 'a run that left nothing behind, before it is forgotten',
    remedy: 'Remove them first.',
    exit: 'residue',
  })
}

export function misuse(seen: string): PvcheckError {
  return new PvcheckError({
    code: 'INTENTS_MISUSED',
    seen,
    wanted: 'intents of a run that has an id and a file',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
