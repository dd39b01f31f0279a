import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { codeOf, HttpFailure } from './failure.ts'

export interface Decoded {
  readonly text: string
  readonly truncated: boolean
  readonly failure?: HttpFailure
}

const lenient = { finishFlush: constants.Z_SYNC_FLUSH }

const decoders = new Map([
  ['gzip', (whole: boolean) => createGunzip(whole ? {} : lenient)],
  ['x-gzip', (whole: boolean) => createGunzip(whole ? {} : lenient)],
  ['deflate', (whole: boolean) => createInflate(whole ? {} : lenient)],
  ['br', (whole: boolean) => createBrotliDecompress(whole ? {} : { finishFlush: constants.BROTLI_OPERATION_FLUSH })],
])

/**
 * A body as text, at most `maxBytes` of it. Decodes what a server compressed against our wish; one that nests its
 * encodings is not worth the memory. `whole` says that nothing was cut off.
 */
export async function decode(raw: Buffer, encoding: string, maxBytes: number, whole: boolean): Promise<Decoded> {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity' || raw.length === 0) return { text: textOf([raw], maxBytes), truncated: false }
  const create = decoders.get(name)
  if (create === undefined) {
    const why = `the body is encoded as ${name}, although nothing but plain text was asked for`
    return { text: '', truncated: false, failure: new HttpFailure('body', 'HTTP_MALFORMED', why) }
  }
  const parts: Buffer[] = []
  let bytes = 0
  try {
    const decoder = create(whole)
    decoder.end(raw)
    for await (const chunk of decoder) {
      const part: Buffer = Buffer.from(chunk)
      parts.push(part)
      bytes += part.length
      if (bytes > maxBytes) return { text: textOf(parts, maxBytes), truncated: true }
    }
    return { text: textOf(parts, maxBytes), truncated: false }
  } catch (error) {
    const why = `the body cannot be decompressed as ${name} (${codeOf(error)})`
    const failure = new HttpFailure('body', 'HTTP_MALFORMED', why)
    return { text: textOf(parts, maxBytes), truncated: false, failure }
  }
}

/** As a stream, so that a character cut in two is left out rather than made up. */
function textOf(parts: readonly Buffer[], maxBytes: number): string {
  return new TextDecoder().decode(Buffer.concat(parts).subarray(0, maxBytes), { stream: true })
}
