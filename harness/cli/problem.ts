import { messageOf, PvcheckError } from '../core/errors.ts'
import { type ExitName, exitCodes } from '../core/exit.ts'
import { plain } from '../core/text.ts'

/** An error as a person reads it, once, and how the command ends because of it. */
export function describeError(error: unknown): { readonly text: string; readonly exit: ExitName } {
  if (error instanceof AggregateError && error.cause instanceof PvcheckError) return describeError(error.cause)
  if (!(error instanceof PvcheckError)) {
    const stack = error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error)
    const lines = stack.split('\n').map((line) => `  ${plain(line)}`)
    return {
      text: `INTERNAL  a fault of pvcheck itself: please report it, with this:\n${lines.join('\n')}\n`,
      exit: 'internal',
    }
  }
  const [first = '', ...more] = error.seen.split('\n').filter((line) => line.trim() !== '')
  const cause = error.cause === undefined ? '' : messageOf(error.cause)
  const lines = [
    `${error.code}  ${plain(first)}`,
    ...more.map((line) => `  ${plain(line)}`),
    `  wanted  ${plain(error.wanted)}`,
    `  remedy  ${plain(error.remedy)}`,
    ...(error.seen.includes(cause) ? [] : [`  cause   ${plain(cause)}`]),
    `  exit    ${exitCodes[error.exit].code}: ${exitCodes[error.exit].meaning}`,
  ]
  return { text: `${lines.join('\n')}\n`, exit: error.exit }
}

/** A command line that cannot be understood. */
export function usageError(seen: string, wanted: string): PvcheckError {
  return new PvcheckError({
    code: 'USAGE',
    seen,
    wanted,
    remedy: 'See `pvcheck --help`, or `pvcheck <command> --help`.',
    exit: 'usage',
  })
}
