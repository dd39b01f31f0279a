import { PvcheckError } from '../core/errors.ts'

/** The outcome of `work`; throws `RUN_TIMED_OUT` when it takes longer, and leaves it to itself then. */
export async function endsWithin<T>(timeoutMs: number, what: string, work: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(timeoutMs, what)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function timedOut(timeoutMs: number, what: string): PvcheckError {
  return new PvcheckError({
    code: 'RUN_TIMED_OUT',
    seen: `waited ${timeoutMs} ms for ${what}`,
    wanted: what,
    remedy: 'Look for processes of this run that are still there; report it if it happens again.',
  })
}
