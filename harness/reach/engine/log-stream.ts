/** What was logged at once: a line as a rule. `system` is what the engine itself has to say of the log. */
export interface LogPiece {
  readonly stream: 'stdout' | 'stderr' | 'system'
  readonly text: string
}

const headerBytes = 8
const streams = ['stdout', 'stdout', 'stderr', 'system'] as const

/**
 * A log as the engine sends it: in frames of eight bytes of header (stream, three zeros, length) and what was logged; or,
 * where the container has a terminal, as the bare lines. Older engines do not tell which by the content type.
 */
export function decodeLog(bytes: Buffer): readonly LogPiece[] {
  return isFramed(bytes) ? [...frames(bytes)] : bareLines(bytes.toString('utf8'))
}

/** A line starts with its time: never with one of these. */
function isFramed(bytes: Buffer): boolean {
  return bytes.length >= headerBytes && (bytes[0] ?? 0) < streams.length && bytes.readUIntBE(1, 3) === 0
}

function* frames(bytes: Buffer): Generator<LogPiece> {
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const stream = streams[bytes[at] ?? 0]
    if (stream === undefined) {
      yield { stream: 'system', text: `the log goes on in a stream ${bytes[at]} that no engine has` }
      return
    }
    const end = at + headerBytes + bytes.readUInt32BE(at + 4)
    yield { stream, text: bytes.toString('utf8', at + headerBytes, end).replace(/\r?\n$/, '') }
    at = end
  }
}

/** The engine's own words come among the lines, as the only ones without a time. */
function bareLines(text: string): readonly LogPiece[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  return lines.map((line) => ({ stream: line.startsWith('Error grabbing logs: ') ? 'system' : 'stdout', text: line }))
}
