import { PvcheckError } from '../core/errors.ts'
import { pollUntil } from '../core/poll.ts'
import type { Connection } from '../reach/target.ts'

/** A connection that is made anew when it was lost: for what must be finished. */
export interface StandingConnection extends AsyncDisposable {
  /** One that is not known to be lost. Throws what connecting throws, and `WAIT_TIMED_OUT` after `reconnectMs`. */
  current(signal: AbortSignal): Promise<Connection>
}

/** A dockerd that is started again may take a minute until it manages its Swarm. */
const reconnectMs = 90_000

/** Begins with `first`, which stays its owner's; those that it opens are closed with it. */
export function standOn(
  first: Connection,
  connect: (signal: AbortSignal) => Promise<Connection>,
  onProgress: (what: string) => void,
): StandingConnection {
  const opened: Connection[] = []
  const reconnect = async (signal: AbortSignal): Promise<Connection> => {
    onProgress('the connection was lost; connecting again')
    const connection = await pollUntil(async (attempt) => ({ done: true, value: await connect(attempt) }), {
      what: 'the target to be reached again',
      timeoutMs: reconnectMs,
      intervalMs: 1_000,
      signal,
    })
    opened.push(connection)
    return connection
  }
  return {
    current: async (signal) => {
      signal.throwIfAborted()
      const last = opened.at(-1) ?? first
      return last.signal.aborted ? await reconnect(signal) : last
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(opened.map((connection) => connection[Symbol.asyncDispose]()))
    },
  }
}

/** Whether what went wrong is the way to the target, and not what is at its end. */
export function isOfTheWay(error: unknown): boolean {
  if (error instanceof AggregateError) return isOfTheWay(error.cause)
  return error instanceof PvcheckError && error.code.startsWith('REACH_')
}
