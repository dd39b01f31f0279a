import { messageOf, PvcheckError } from '../../core/errors.ts'

/** The evidence is not as it was written. */
export function brokenFile(seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'EVIDENCE_BROKEN',
    seen,
    wanted: 'records as they were written, each chained to the one before',
    remedy: 'Nothing in this bundle can be relied on: run again, and find out who changed it.',
    exit: 'stale',
    cause,
  })
}

/** There is no evidence where it should be. */
export function missing(path: string, error: unknown): PvcheckError {
  return new PvcheckError({
    code: 'EVIDENCE_MISSING',
    seen: `cannot read ${path}: ${messageOf(error)}`,
    wanted: 'a bundle, `<reports>/evidence/<run>/`',
    remedy: 'Name the folder of a run, as the first lines of its STATUS do.',
    exit: 'stale',
    cause: error,
  })
}
