import { messageOf, PvcheckError } from '../../core/errors.ts'
import type { RecordBody } from '../../model/record.ts'

/** Whatever was thrown, as a record; `during` says what was going on: `connect`, `set-up`, a check's id. */
export function troubleOf(error: unknown, during: string): Extract<RecordBody, { kind: 'trouble' }> {
  if (error instanceof PvcheckError) {
    const { code, seen, wanted, remedy, exit } = error
    return { kind: 'trouble', code, seen, wanted, remedy, during, exit }
  }
  return {
    kind: 'trouble',
    code: 'INTERNAL',
    seen: messageOf(error),
    wanted: 'no error but those pvcheck knows',
    remedy: 'This is a fault of pvcheck: please report it, with the evidence of this run.',
    during,
    exit: 'internal',
  }
}
