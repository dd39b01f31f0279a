/** What a text may not carry into a terminal or a report: controls, direction overrides, and all that is invisible. */
const unfit = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115F\u1160\u3164\uFFA0]/gu
const whitespace = /[\s\u0085]+/gu

/**
 * Text from a host as one harmless line: white space becomes a single space, and every control, escape, direction
 * override and zero-width character is shown as `‹U+001B›`. At most `maxLength` characters, the last one an ellipsis then.
 */
export function plain(text: string, maxLength = 500): string {
  // Cut first: what lies beyond the bound need not be looked at. Every character shown stands for at least one here.
  const head = text.length > maxLength * 4 ? text.slice(0, maxLength * 4) : text
  const line = head.replace(whitespace, ' ').trim().replace(unfit, codePoint)
  return shorten(line, maxLength, head.length < text.length)
}

function codePoint(character: string): string {
  const point = character.codePointAt(0) ?? 0
  return `‹U+${point.toString(16).toUpperCase().padStart(4, '0')}›`
}

function shorten(line: string, maxLength: number, wasCut: boolean): string {
  if (line.length <= maxLength && !wasCut) return line
  const characters = Array.from(line)
  if (characters.length <= maxLength && !wasCut) return line
  return `${characters.slice(0, Math.max(0, maxLength - 1)).join('')}…`
}
