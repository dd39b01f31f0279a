import { PvcheckError } from '../../core/errors.ts'

/** There is nobody who would clean up. */
export function janitorGone(seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'JANITOR_GONE',
    seen: `the process that cleans up after a kill is gone: ${seen}`,
    wanted: 'somebody who cleans up, for as long as anything is created',
    remedy: 'Nothing more was created. See what ended it (out of memory?), then run again.',
    exit: 'unknown',
    cause,
  })
}

/** Nothing was created yet. */
export function janitorNotStarted(seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'JANITOR_NOT_STARTED',
    seen: `the process that cleans up after a kill did not start: ${seen}`,
    wanted: 'a janitor that says that it is there, before anything is created',
    remedy:
      'See what its log says, and whether this machine lets processes be started and sockets be made in its temporary folder.',
    exit: 'blocked',
    cause,
  })
}
