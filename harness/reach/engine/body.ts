import type { IncomingMessage } from 'node:http'
import { PvcheckError } from '../../core/errors.ts'

export const maxBodyBytes = 64 * 1024 * 1024

/** The whole body. Throws `REACH_ANSWER_TOO_LARGE` beyond `maxBytes`, and the transport's error when it breaks off. */
export async function readBytes(response: IncomingMessage, what: string, maxBytes = maxBodyBytes): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    const part: Buffer = Buffer.from(chunk)
    bytes += part.length
    if (bytes > maxBytes) {
      response.destroy()
      throw new PvcheckError({
        code: 'REACH_ANSWER_TOO_LARGE',
        seen: `the answer to ${what} is larger than ${maxBytes} bytes`,
        wanted: 'an answer that fits into memory',
        remedy: 'Look at what the Swarm holds that much of; this is more than a Swarm of some ten thousand tasks says.',
        exit: 'unknown',
      })
    }
    chunks.push(part)
  }
  return Buffer.concat(chunks)
}

/** The same as text. */
export async function readBody(response: IncomingMessage, what: string, maxBytes = maxBodyBytes): Promise<string> {
  return (await readBytes(response, what, maxBytes)).toString('utf8')
}

/** JSON where it is JSON, else the text itself. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What the engine has to say with a refusal. */
export function messageIn(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message)
  return typeof body === 'string' && body !== '' ? body : 'no message'
}
