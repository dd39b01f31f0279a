import { type EngineLink, explainBroken } from './link.ts'
import { send } from './transport.ts'
import { engineTimeout } from './trouble.ts'

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
  const deadline = AbortSignal.timeout(link.timeoutMs)
  const stop = () => controller.abort()
  for (const given of [deadline, signal]) given.addEventListener('abort', stop, { once: true })
  const path = `/v${link.apiVersion}/events?filters=${encodeURIComponent(JSON.stringify({ type: ['daemon'] }))}`
  try {
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
  } catch (error) {
    signal.throwIfAborted()
    if (deadline.aborted) throw engineTimeout(`GET ${path}`, link.label, link.timeoutMs, 'blocked')
    throw await explainBroken(link, `GET ${path}`, error)
  } finally {
    for (const given of [deadline, signal]) given.removeEventListener('abort', stop)
  }
}
