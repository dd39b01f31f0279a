/** Escape sequences, whole, so that no part of one is left behind as text. */
const escapes = new RegExp(
  ['\\u001b\\[[0-?]*[ -/]*[@-~]', '\\u001b[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?', '\\u001b.?'].join('|'),
  'g',
)
const longest = 300

/** Words of another program as one harmless line: no escapes, no control characters, no credentials, not too long. */
export function oneLine(text: string): string {
  const line = text
    .replace(escapes, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/(\w+:\/\/)[^/\s@]*:[^/\s@]*@/g, '$1***@')
    .replace(/\b(\w*(?:passw(?:or)?d|passphrase|secret|token|credential)\w*)(\s*[=:]\s*|\s+)\S+/gi, '$1$2***')
    .trim()
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

/** The last line of stderr in brackets, or nothing, to be put behind a sentence. */
export function excerptOf(stderr: string): string {
  const last = stderr
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '')
    .at(-1)
  return last === undefined ? '' : ` (${last})`
}
