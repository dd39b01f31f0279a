import type { Redact } from './redact.ts'

/**
 * Redacts each text for what it is, not for the name it stands under: for what a person wrote, where `credentials`
 * names a source and `token` may be a property of a JSON Schema.
 */
export function redactTexts(value: unknown, redact: Redact): unknown {
  if (Array.isArray(value)) return value.map((item) => redactTexts(item, redact))
  if (typeof value !== 'object' || value === null) return redact(value)
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [String(redact(name)), redactTexts(part, redact)]),
  )
}
