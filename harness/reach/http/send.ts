import type { Socket } from 'node:net'
import { Client, type Dispatcher, errors } from 'undici'
import { codeOf, HttpFailure } from './failure.ts'
import type { Asked } from './request.ts'

const left = new Error('nobody listens any more')
const spareBytes = 1_048_576

/** One request over `socket`, which is closed when the signal aborts. Resolves with the headers; the body is still to come. */
export async function send(
  socket: Socket,
  { url, method, headers }: Pick<Asked, 'url' | 'method' | 'headers'>,
  maxBodyBytes: number,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let given = false
  let lost: Error | undefined
  const client = new Client(url.origin, {
    connect: (_, callback) => {
      // There is only this one; undici would dial again when it closes too early.
      const used = given
      given = true
      // Not at once: undici does not look for what to send while it is still asking for a connection.
      queueMicrotask(() => (used ? callback(lost ?? new Error('closed'), null) : callback(null, socket)))
    },
    // Deadlines of our own are over the whole phase, not between two chunks.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  client.on('disconnect', (_origin, _targets, error) => (lost = error))
  signal.addEventListener('abort', () => void client.destroy(left).catch(() => undefined), { once: true })
  try {
    // More than is ever read: undici's parser, once it has paused, throws out of anybody's reach when the connection ends.
    const highWaterMark = maxBodyBytes + spareBytes
    return await client.request({ highWaterMark, method, path: `${url.pathname}${url.search}`, headers, reset: true })
  } catch (error) {
    throw explain(error)
  }
}

/** Header values as one text each; repeated ones joined. */
export function joinHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? []].flat().join(', ')]),
  )
}

function explain(error: unknown): HttpFailure {
  const message = error instanceof Error ? error.message : ''
  if (error instanceof errors.InvalidArgumentError) {
    return new HttpFailure('answer', 'REQUEST_REFUSED', `the request cannot be made: ${message}`)
  }
  if (isMalformed(error) || /^bad (?:response|upgrade)$/.test(message)) {
    return new HttpFailure('answer', 'HTTP_MALFORMED', `what came back is not an answer in HTTP/1.1: ${message}`)
  }
  const code = codeOf(error) === 'ECONNRESET' ? 'reset' : 'closed'
  return new HttpFailure('answer', 'HTTP_CLOSED', `the connection was ${code} before there was an answer`)
}

/** Whether undici could not make sense of what came. */
export function isMalformed(error: unknown): boolean {
  return error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError
}
