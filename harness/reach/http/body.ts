import type { Readable } from 'node:stream'
import { messageOf } from '../../core/errors.ts'
import { HttpFailure } from './failure.ts'
import { isMalformed } from './send.ts'

/** A body on its way, as it is sent. */
export interface Body {
  /** Reads on to the end, or beyond the bound; resolves with whether more came than is kept. */
  readonly read: () => Promise<boolean>
  /** What has come so far. */
  readonly bytes: () => Buffer
}

/** Takes at most `maxBytes` of a body. The rest is left to whoever closes the connection. */
export function startBody(raw: Readable, maxBytes: number): Body {
  const chunks: Buffer[] = []
  let bytes = 0
  // Whoever stops listening must not be ended by an error that comes later.
  raw.on('error', () => undefined)
  return {
    async read() {
      try {
        for await (const chunk of raw) {
          const part: Buffer = Buffer.from(chunk)
          chunks.push(part)
          bytes += part.length
          if (bytes > maxBytes) return true
        }
        return false
      } catch (error) {
        if (isMalformed(error)) {
          throw new HttpFailure('body', 'HTTP_MALFORMED', `the body is not HTTP: ${messageOf(error)}`)
        }
        throw new HttpFailure('body', 'BODY_CLOSED', `the connection was closed after ${bytes} bytes of the body`)
      }
    },
    bytes: () => Buffer.concat(chunks).subarray(0, maxBytes),
  }
}
