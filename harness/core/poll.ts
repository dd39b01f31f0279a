import { setTimeout as delay } from 'node:timers/promises'
import { messageOf, PvcheckError } from './errors.ts'

export interface PollOptions {
  /** What is waited for, as in "waiting for ...". */
  readonly what: string
  readonly timeoutMs: number
  readonly intervalMs?: number
  /** In place of the interval: resolves when it is time to ask again. */
  readonly pause?: (signal: AbortSignal) => Promise<unknown>
  readonly signal?: AbortSignal
}

export type Attempt<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly state: string }

/**
 * Asks again until `attempt` is done. An attempt that throws counts as "not yet", its message as the last state.
 * Throws `WAIT_TIMED_OUT` with the last state at the deadline, or the signal's reason.
 */
export async function pollUntil<T>(
  attempt: (signal: AbortSignal) => Promise<Attempt<T>>,
  options: PollOptions,
): Promise<T> {
  const deadline = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
  const pause = options.pause ?? ((stop) => delay(options.intervalMs ?? 100, undefined, { signal: stop }))
  let lastState: string | undefined
  let lastError: unknown
  while (!signal.aborted) {
    try {
      const outcome = await attempt(signal)
      if (outcome.done) return outcome.value
      lastState = outcome.state
      lastError = undefined
    } catch (error) {
      // An attempt that the deadline cut short says nothing new, unless it is all there is.
      if (!signal.aborted || lastState === undefined) {
        lastState = messageOf(error)
        lastError = error
      }
    }
    // Rejects only when the signal aborts, and then the loop ends by itself.
    await pause(signal).catch(() => undefined)
  }
  options.signal?.throwIfAborted()
  throw new PvcheckError({
    code: 'WAIT_TIMED_OUT',
    seen: `waited ${options.timeoutMs} ms for ${options.what}; last state: ${lastState ?? 'never asked'}`,
    wanted: options.what,
    remedy: 'Look at the last state; if it was still moving, allow more time.',
    exit: 'unknown',
    cause: lastError,
  })
}
