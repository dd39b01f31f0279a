import { redactText } from '../core/redact-text.ts'
import { plain } from '../core/text.ts'

const maxLength = 300

/** Words of another program as one harmless line: no escapes, no credentials, not too long. */
export function oneLine(text: string): string {
  return plain(redactText(text, false), maxLength)
}

/** The last line of stderr in brackets, or nothing, to be put behind a sentence. */
export function excerptOf(stderr: string): string {
  const last = stderr.split('\n').findLast((line) => line.trim() !== '')
  return last === undefined ? '' : ` (${oneLine(last)})`
}
