import { setTimeout as delay } from 'node:timers/promises'
import { PvcheckError } from '../../core/errors.ts'
import type { Hold } from './hold.ts'

/** Keeps a lock renewed while nothing is created: while a stack converges, say, or is being removed. */
export interface Keeper extends AsyncDisposable {
  /** Aborts with `LOCK_LOST` as its reason: whatever is under way is then no longer ours alone. */
  readonly signal: AbortSignal
}

/** Looks after `hold` every `everyMs`, until it is lost or the keeper is disposed of; the lock is not released then. */
export function keepHold(hold: Pick<Hold, 'assert'>, everyMs: number): Keeper {
  const lost = new AbortController()
  const over = new AbortController()
  const kept = keep(hold, everyMs, over.signal).catch((error: unknown) => lost.abort(error))
  return {
    signal: lost.signal,
    async [Symbol.asyncDispose]() {
      over.abort()
      await kept
    },
  }
}

async function keep(hold: Pick<Hold, 'assert'>, everyMs: number, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      await hold.assert()
    } catch (error) {
      // Whatever else keeps it from being renewed may pass; and where it does not, its end comes, which is a loss.
      if (!(error instanceof PvcheckError) || error.code === 'LOCK_LOST') throw error
    }
    // Rejects only when it is over.
    await delay(everyMs, undefined, { signal: over, ref: false }).catch(() => undefined)
  }
}
