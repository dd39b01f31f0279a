import type { ExitName } from './exit.ts'

/** What an error says: every field is a full sentence or a plain value, free of secrets. */
export interface Problem {
  /** Stable, upper-case, e.g. `REACH_SSH_KEY_REJECTED`; callers match this, never the message. */
  readonly code: string
  /** What was seen. */
  readonly seen: string
  /** What was wanted instead. */
  readonly wanted: string
  /** What to do about it. */
  readonly remedy: string
  /** How the command ends when nothing catches this; `internal` by default. */
  readonly exit?: ExitName
  readonly cause?: unknown
}

/** The one error pvcheck throws on purpose. */
export class PvcheckError extends Error {
  readonly code: string
  readonly seen: string
  readonly wanted: string
  readonly remedy: string
  readonly exit: ExitName

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.seen}`, problem.cause === undefined ? undefined : { cause: problem.cause })
    this.name = 'PvcheckError'
    this.code = problem.code
    this.seen = problem.seen
    this.wanted = problem.wanted
    this.remedy = problem.remedy
    this.exit = problem.exit ?? 'internal'
  }
}

/** Any thrown value as one readable line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The first cause, with what went wrong while cleaning up after it joined on; never the other way round. */
export function joinErrors(primary: unknown, cleanup: readonly unknown[]): unknown {
  if (cleanup.length === 0) return primary
  return new AggregateError([primary, ...cleanup], messageOf(primary), { cause: primary })
}
