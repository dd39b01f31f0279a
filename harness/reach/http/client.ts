import { setMaxListeners } from 'node:events'
import type { SecureContext } from 'node:tls'
import pLimit from 'p-limit'
import type { HttpAddress } from '../../model/http.ts'
import { exchange } from './exchange.ts'
import type { HttpClient } from './http.ts'
import { knock } from './knock.ts'
import { loadTrust } from './trust.ts'

/** Web requests by the ways of `address`. */
export function createHttp(address: HttpAddress): HttpClient {
  const limit = pLimit(address.concurrency)
  let trusted: Promise<SecureContext> | undefined
  const trust = () => (trusted ??= loadTrust(address.caPath))
  const ways = { ...address, trust }
  return {
    ask: (request) => inTurn(request.signal, () => exchange(request, ways)),
    knock: (door) => inTurn(door.signal, () => knock(door, ways)),
  }

  /** Waits for a turn, but not longer than the caller does. */
  async function inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    // As many may wait on it as there are routes; Node would warn of a leak at eleven.
    if (signal !== undefined) setMaxListeners(0, signal)
    let leave: (() => void) | undefined
    const gone = new Promise<never>((_, reject) => {
      leave = () => reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([limit(() => (signal?.aborted ? gone : work())), gone])
    } finally {
      if (leave !== undefined) signal?.removeEventListener('abort', leave)
    }
  }
}
