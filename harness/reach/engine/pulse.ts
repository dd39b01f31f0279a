import { setTimeout as delay } from 'node:timers/promises'
import type { EngineEvent, EventType } from './events.ts'
import type { EngineReader } from './reader.ts'

/** When to look again: at once after something has happened, then less and less often. */
export interface Pulse {
  /** Resolves when it is time for another look; rejects with the signal's reason. */
  next(signal: AbortSignal): Promise<void>
}

export interface PulseOptions {
  readonly types: readonly EventType[]
  /** Which events are a reason to look; all by default. */
  readonly isReason?: (event: EngineEvent) => boolean
  /** The pause right after an event, and the longest one: events are hints, and may be missing. */
  readonly shortestMs: number
  readonly longestMs: number
  /** Ends the events. */
  readonly signal: AbortSignal
}

/**
 * Listens to the engine's events on behalf of all who wait for something. An engine whose events cannot be heard, or not
 * any more, is looked at from time to time all the same. Never throws.
 */
export function listenFor(reader: EngineReader, options: PulseOptions): Pulse {
  const { types, isReason = () => true, shortestMs, longestMs, signal } = options
  let lastBeat = performance.now()
  let waiting = new Set<() => void>()
  const beat = (): void => {
    lastBeat = performance.now()
    const woken = waiting
    waiting = new Set()
    for (const wake of woken) wake()
  }
  const listen = async (): Promise<void> => {
    for await (const event of await reader.events({ types, signal })) if (isReason(event)) beat()
  }
  // Without events the pauses alone say when to look.
  listen().catch(() => undefined)

  return {
    next: async (given) => {
      given.throwIfAborted()
      const early = new AbortController()
      const wake = (): void => early.abort()
      waiting.add(wake)
      given.addEventListener('abort', wake, { once: true })
      // A node tells the managers what has become of a task a moment after the event.
      const pauseMs = Math.min(longestMs, Math.max(shortestMs, (performance.now() - lastBeat) / 2))
      try {
        await delay(pauseMs, undefined, { signal: early.signal }).catch(() => undefined)
        given.throwIfAborted()
        if (early.signal.aborted) await delay(shortestMs, undefined, { signal: given })
      } finally {
        waiting.delete(wake)
        given.removeEventListener('abort', wake)
      }
    },
  }
}
