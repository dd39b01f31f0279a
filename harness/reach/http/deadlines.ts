import { setMaxListeners } from 'node:events'
import type { HttpFailure } from './failure.ts'

/** Watches over one exchange: its signal ends every socket that was opened for it. */
export interface Deadlines {
  readonly signal: AbortSignal
  /** Throws what `late` makes when `work` takes longer, and the caller's reason when that is over first. */
  within<T>(timeoutMs: number, late: () => HttpFailure, work: () => Promise<T>): Promise<T>
  end(): void
}

const over = new Error('the exchange is over')

export function startDeadlines(caller: AbortSignal | undefined): Deadlines {
  const stop = new AbortController()
  // One for each socket, and a name may have many addresses.
  setMaxListeners(0, stop.signal)
  const ended = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true })
  })
  // Most exchanges end by themselves; nobody listens then.
  ended.catch(() => undefined)
  const forward = () => stop.abort(caller?.reason)
  if (caller?.aborted) forward()
  caller?.addEventListener('abort', forward, { once: true })
  return {
    signal: stop.signal,
    async within(timeoutMs, late, work) {
      const timer = setTimeout(() => stop.abort(late()), timeoutMs)
      try {
        return await Promise.race([work(), ended])
      } catch (error) {
        // Sockets that die of the deadline say so in words of their own, and at times first.
        throw stop.signal.aborted ? stop.signal.reason : error
      } finally {
        clearTimeout(timer)
      }
    },
    end() {
      caller?.removeEventListener('abort', forward)
      // A reason of its own spares Node the making of one.
      stop.abort(over)
    },
  }
}
