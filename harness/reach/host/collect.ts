import type { Readable } from 'node:stream'

/** What came of a stream: its first `maxBytes`, and its very end, where the envelope's mark is. */
export interface Collected {
  readonly text: () => string
  readonly tail: () => string
  readonly truncated: () => boolean
}

const tailBytes = 512

/** Reads a stream to its end but keeps only its first `maxBytes`, so that a flood costs time and never memory. */
export function collect(stream: Readable, maxBytes: number): Collected {
  const head: Buffer[] = []
  let tail = Buffer.alloc(0)
  let kept = 0
  let total = 0
  stream.on('data', (chunk: Buffer) => {
    total += chunk.length
    const room = maxBytes - kept
    if (room > 0) {
      const part = chunk.subarray(0, room)
      head.push(part)
      kept += part.length
    }
    tail = Buffer.concat([tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes)
  })
  return {
    // Not fatal: a host's output is evidence, and bytes that are not UTF-8 must not lose the rest of it.
    text: () => new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(head)),
    tail: () => tail.toString('utf8'),
    truncated: () => total > maxBytes,
  }
}
