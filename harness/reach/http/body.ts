import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { messageOf } from '../../core/errors.ts'
import { codeOf, HttpFailure } from './failure.ts'
import { isMalformed } from './send.ts'

/** A body on its way. */
export interface Body {
  /** Reads on to the end, or to the bound; resolves with whether more came than was kept. */
  readonly read: () => Promise<boolean>
  /** What has come so far. */
  readonly text: () => string
  readonly bytes: () => number
}

/** Takes at most `maxBytes` of a body, decoded. The rest is left to whoever closes the connection. */
export function startBody(raw: Readable, encoding: string, maxBytes: number): Body {
  const chunks: Buffer[] = []
  let bytes = 0
  // Whoever stops listening must not be ended by an error that comes later.
  raw.on('error', () => undefined)
  return {
    async read() {
      try {
        for await (const chunk of decode(raw, encoding)) {
          const part: Buffer = Buffer.from(chunk)
          chunks.push(part)
          bytes += part.length
          if (bytes > maxBytes) return true
        }
        return false
      } catch (error) {
        throw explain(error, bytes)
      }
    },
    // As a stream, so that a character cut in two is left out rather than made up.
    text: () => new TextDecoder().decode(Buffer.concat(chunks).subarray(0, maxBytes), { stream: true }),
    bytes: () => bytes,
  }
}

const decoders = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** The same stream without its encoding. Servers that nest them against our wish are not worth the memory. */
function decode(raw: Readable, encoding: string): Readable {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') return raw
  const create = decoders.get(name)
  if (create === undefined) {
    const why = `the body is encoded as ${name}, although nothing but plain text was asked for`
    throw new HttpFailure('body', 'HTTP_MALFORMED', why)
  }
  // Errors arrive at the end that is read.
  return pipeline(raw, create(), () => undefined)
}

function explain(error: unknown, bytes: number): HttpFailure {
  if (error instanceof HttpFailure) return error
  const code = codeOf(error)
  if (/^(?:Z_|ERR_BROTLI|ERR_+(?:ERROR|PADDING))/.test(code)) {
    return new HttpFailure('body', 'HTTP_MALFORMED', `the body cannot be decompressed (${code})`)
  }
  if (isMalformed(error)) return new HttpFailure('body', 'HTTP_MALFORMED', `the body is not HTTP: ${messageOf(error)}`)
  return new HttpFailure('body', 'BODY_CLOSED', `the connection was closed after ${bytes} bytes of the body`)
}
