import { PvcheckError } from '../core/errors.ts'
import type { ExitName } from '../core/exit.ts'
import { troubleOf } from '../record/evidence/trouble.ts'
import type { Denial } from './protocol.ts'

/** The main process does not let this run act. It has recorded why: whoever wanted to is left out, not unknown. */
export class ActingDenied extends PvcheckError {}

/** Whatever kept a run from acting, as it goes over the wire. */
export function denialOf(error: unknown): Denial {
  const { code, seen, wanted, remedy } = troubleOf(error, 'acting')
  return { code, seen, wanted, remedy, exit: exitOf(error) }
}

function exitOf(error: unknown): ExitName {
  if (error instanceof PvcheckError) return error.exit
  return error instanceof AggregateError ? exitOf(error.cause) : 'internal'
}
