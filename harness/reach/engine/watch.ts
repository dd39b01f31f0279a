import { createGet } from './dockerode.ts'
import type { EngineLink } from './link.ts'

export interface Watch {
  close(): void
}

/**
 * Holds one request open for as long as dockerd lives: it is the only thing in the API that tells a dockerd from the
 * one that came after it. `ended` is called once, when the stream ends by itself. Resolves when the watch stands;
 * where the engine does not let itself be watched (a proxy that forbids `/events`), there is none.
 */
export async function watchEngine(link: EngineLink, ended: () => void): Promise<Watch | undefined> {
  const controller = new AbortController()
  const deadline = AbortSignal.timeout(link.timeoutMs)
  const giveUp = () => controller.abort(deadline.reason)
  deadline.addEventListener('abort', giveUp, { once: true })
  const get = createGet(link.way, link.apiVersion)
  const response = await get('/events', { filters: JSON.stringify({ type: ['daemon'] }) }, controller.signal)
  deadline.removeEventListener('abort', giveUp)
  if (response.statusCode !== 200) {
    controller.abort()
    return undefined
  }
  response.socket.setKeepAlive(true, 5000)
  // What it says is of no interest, and an error is followed by `close`.
  response.on('error', () => undefined)
  response.once('close', () => {
    if (!controller.signal.aborted) ended()
  })
  response.resume()
  return { close: () => controller.abort() }
}
