/** One line of `journalctl --output=json`, the values decoded to text. */
export type DecodedLine = Record<string, string | null>

/**
 * journald gives a value as text; as numbers where it holds bytes that are not printable; as a list where the field
 * repeats; as null where it is too long. Decoded here, before anything looks for a secret or a pattern in it.
 * Throws a `SyntaxError` when the line is not a JSON object.
 */
export function decodeLine(line: string): DecodedLine {
  const parsed: unknown = JSON.parse(line)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new SyntaxError('not a JSON object')
  const kept = Object.entries(parsed).filter(([name]) => !droppedFields.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, decodeValue(value)]))
}

/** Always there, and of no use here. */
const droppedFields = new Set(['__MONOTONIC_TIMESTAMP', '_BOOT_ID'])

function decodeValue(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return null
  const bytes = value.filter((item) => typeof item === 'number')
  if (bytes.length === value.length) return Buffer.from(bytes).toString('utf8')
  return value.map((item) => decodeValue(item) ?? '').join('\n')
}
