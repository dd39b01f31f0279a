import { PvcheckError } from '../../core/errors.ts'
import { type Attempt, pollUntil } from '../../core/poll.ts'
import type { Work } from './hands.ts'

/**
 * Looks again until there is nothing more to wait for. A look that fails has seen nothing, and is tried again; at the
 * deadline it throws `REMOVE_TIMED_OUT` with what was seen last.
 */
export async function waitUntil<T>(
  what: string,
  timeoutMs: number,
  { signal, pause, onProgress }: Pick<Work, 'signal' | 'pause' | 'onProgress'>,
  attempt: (signal: AbortSignal) => Promise<Attempt<T>>,
): Promise<T> {
  const noted = async (stop: AbortSignal): Promise<Attempt<T>> => {
    const outcome = await attempt(stop)
    if (!outcome.done) onProgress(outcome.state)
    return outcome
  }
  try {
    return await pollUntil(noted, { what, timeoutMs, pause, signal })
  } catch (error) {
    if (!(error instanceof PvcheckError && error.code === 'WAIT_TIMED_OUT')) throw error
    throw new PvcheckError({
      code: 'REMOVE_TIMED_OUT',
      seen: error.seen,
      wanted: what,
      remedy: 'See what keeps it there, then run the same command again: it goes on where it was.',
      exit: 'residue',
      cause: error.cause,
    })
  }
}
