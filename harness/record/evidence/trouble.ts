import { messageOf, PvcheckError } from '../../core/errors.ts'
import type { RecordBody } from '../../model/record.ts'

/** What of an error says that something is still on a host, whatever failed first. */
export function residueIn(error: unknown): readonly PvcheckError[] {
  if (error instanceof AggregateError) return error.errors.flatMap(residueIn)
  return error instanceof PvcheckError && error.exit === 'residue' ? [error] : []
}

/** Whatever was thrown, as a record; `during` says what was going on: `connect`, `set-up`, a check's id. */
export function troubleOf(error: unknown, during: string): Extract<RecordBody, { kind: 'trouble' }> {
  if (error instanceof PvcheckError) {
    const { code, seen, wanted, remedy, exit } = error
    return { kind: 'trouble', code, seen, wanted, remedy, during, exit }
  }
  // The first cause, with the words of what failed while cleaning up after it.
  if (error instanceof AggregateError && error.cause instanceof PvcheckError) {
    const [, ...cleanup] = error.errors
    const first = troubleOf(error.cause, during)
    const residue = cleanup.flatMap(residueIn)
    return {
      ...first,
      seen: [first.seen, ...cleanup.map((one) => `while cleaning up: ${messageOf(one)}`)].join('; '),
      // Something is still on the host: that is what its reader has to know, and what the run ends with.
      ...(residue.length === 0
        ? {}
        : { exit: 'residue', remedy: [first.remedy, ...residue.map(({ remedy }) => remedy)].join(' ') }),
    }
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
