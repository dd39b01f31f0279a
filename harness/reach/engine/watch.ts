import type { EngineLink } from './link.ts'
import { send } from './transport.ts'

export interface Watch {
  close(): void
}

/**
 * Holds one request open for as long as dockerd lives: it is the only thing in the API that tells a dockerd from the
 * one that came after it. `ended` is called once, when the stream ends by itself. Resolves when the watch stands;
 * where the engine does not let itself be watched (a proxy that forbids `/events`), there is none.
 */
export async function watchEngine(
  link: EngineLink,
  ended: () => void,
  signal: AbortSignal,
): Promise<Watch | undefined> {
  const controller = new AbortController()
  const deadline = setTimeout(() => controller.abort(), link.timeoutMs)
  const stop = () => controller.abort()
  signal.addEventListener('abort', stop, { once: true })
  const filters = encodeURIComponent(JSON.stringify({ type: ['daemon'] }))
  try {
    const path = `/v${link.apiVersion}/events?filters=${filters}`
    const response = await send(link.way, 'GET', path, controller.signal)
    if (response.statusCode !== 200) {
      response.destroy()
      return undefined
    }
    response.socket.setKeepAlive(true, 5000)
    // What it says is of no interest, and an error is followed by `close`.
    response.on('error', () => undefined)
    response.once('close', () => {
      if (!controller.signal.aborted) ended()
    })
    response.resume()
    return { close: stop }
  } finally {
    clearTimeout(deadline)
    signal.removeEventListener('abort', stop)
  }
}
