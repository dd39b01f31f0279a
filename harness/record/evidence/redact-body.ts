import type { Redact } from '../../core/redact.ts'
import { redactTexts } from '../../core/redact-texts.ts'
import type { RecordBody } from '../../model/record.ts'

/**
 * A record without secrets, its shape not yet looked at. The names in the expectations hide nothing, or a bundle would
 * not say what it is to be judged against.
 */
export function redactBody(body: RecordBody, redact: Redact): unknown {
  if (body.kind !== 'run') return redact(body)
  const { expectations, ...rest } = body
  const clean = redact(rest)
  return typeof clean === 'object' ? { ...clean, expectations: redactTexts(expectations, redact) } : clean
}
