import type { Judgement } from '../../model/check.ts'

/** One thing that is wrong, or that keeps us from seeing whether it is. */
export interface Cause {
  /** Names it to scripts. */
  readonly code: string
  readonly said: string
  /** Absent where another cause beside it says what to do. */
  readonly remedy?: string
}

/** What a visit was not as expected for; the most telling cause first. */
export interface Fault {
  readonly verdict: 'fail' | 'unknown'
  /** What was seen. */
  readonly actual: string
  readonly causes: readonly [Cause, ...Cause[]]
}

export function failure(actual: string, ...causes: readonly [Cause, ...Cause[]]): Fault {
  return { verdict: 'fail', actual, causes }
}

export function doubt(actual: string, ...causes: readonly [Cause, ...Cause[]]): Fault {
  return { verdict: 'unknown', actual, causes }
}

/** The first cause gives the judgement its code. */
export function judgementOf(
  { subject, expected }: Pick<Judgement, 'subject' | 'expected'>,
  { verdict, actual, causes }: Fault,
): Judgement {
  const [{ code }] = causes
  const reason = causes.map(({ code, said }) => `${code}: ${said}`).join('; ')
  const remedies = new Set(causes.map(({ remedy }) => remedy).filter((remedy) => remedy !== undefined))
  return { subject, expected, actual, verdict, code, reason, remedy: [...remedies].join(' ') }
}
