import { orGiveUp } from '../../core/give-up.ts'
import type { EngineEvent, EventType } from './events.ts'
import type { EngineReader } from './reader.ts'

/** When to look again: soon after something has happened, then less and less often; all who wait look together. */
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
  let tick: Tick | undefined
  const beat = (): void => {
    lastBeat = performance.now()
    // A node tells the managers what has become of a task a moment after the event.
    tick?.hasten(shortestMs)
  }
  const listen = async (): Promise<void> => {
    for await (const event of await reader.events({ types, signal })) if (isReason(event)) beat()
  }
  // Without events the pauses alone say when to look.
  listen().catch(() => undefined)

  return {
    next: async (given) => {
      given.throwIfAborted()
      if (tick === undefined || tick.isOver) {
        tick = openTick(Math.min(longestMs, Math.max(shortestMs, (performance.now() - lastBeat) / 2)))
      }
      await tick.wait(given)
    },
  }
}

interface Tick {
  readonly isOver: boolean
  wait(signal: AbortSignal): Promise<void>
  /** Has it come in no more than so many milliseconds. */
  hasten(ms: number): void
}

function openTick(ms: number): Tick {
  let waiting = 0
  let isOver = false
  let resolve: () => void = () => undefined
  const over = new Promise<void>((done) => {
    resolve = done
  })
  const end = (): void => {
    isOver = true
    resolve()
  }
  let endsAt = performance.now() + ms
  let timer = setTimeout(end, ms)
  return {
    get isOver() {
      return isOver
    },
    wait: async (signal) => {
      waiting += 1
      try {
        await orGiveUp(over, signal)
      } finally {
        waiting -= 1
        if (waiting === 0) {
          clearTimeout(timer)
          isOver = true
        }
      }
    },
    hasten: (soonMs) => {
      if (isOver || performance.now() + soonMs >= endsAt) return
      clearTimeout(timer)
      endsAt = performance.now() + soonMs
      timer = setTimeout(end, soonMs)
    },
  }
}
