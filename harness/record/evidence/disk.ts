import { messageOf, PvcheckError } from '../../core/errors.ts'
import { systemCode } from '../../core/file.ts'

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Whether an error says that there is no room left. */
export function isDiskFull(error: unknown): boolean {
  return full.has(systemCode(error) ?? '')
}

/** Why a bundle's folder could not be made: mostly a wrong `reports.dir`. */
export function folderProblem(dir: string, error: unknown): PvcheckError {
  if (isDiskFull(error)) return writeProblem(dir, error)
  return new PvcheckError({
    code: 'EVIDENCE_FOLDER_UNWRITABLE',
    seen: `cannot create ${dir}: ${messageOf(error)}`,
    wanted: 'a folder for the evidence of this run',
    remedy: 'Let `reports.dir` name a folder that the user who runs pvcheck may write to.',
    exit: 'usage',
    cause: error,
  })
}

/** Why a record is not on disk; a run whose evidence is cut off proves nothing. */
export function writeProblem(path: string, error: unknown): PvcheckError {
  if (isDiskFull(error)) {
    return new PvcheckError({
      code: 'EVIDENCE_DISK_FULL',
      seen: `no room left for ${path} (${systemCode(error)})`,
      wanted: 'every observation on disk before it is judged',
      remedy: 'Make room there, or let `reports.dir` name a folder elsewhere, and run again.',
      exit: 'stale',
      cause: error,
    })
  }
  return new PvcheckError({
    code: 'EVIDENCE_UNWRITABLE',
    seen: `cannot write ${path}: ${messageOf(error)}`,
    wanted: 'every observation on disk before it is judged',
    remedy: 'Look at the disk under `reports.dir`, and run again.',
    exit: 'stale',
    cause: error,
  })
}

/** Why a run may not have this folder: another one has it. */
export function existsProblem(dir: string, cause: unknown): PvcheckError {
  return new PvcheckError({
    code: 'EVIDENCE_EXISTS',
    seen: `${dir} is there already`,
    wanted: 'a new folder for each run: evidence is never overwritten',
    remedy: 'Start the run again; it gets an id of its own.',
    exit: 'usage',
    cause,
  })
}
