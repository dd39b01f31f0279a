import { plain } from '../../core/text.ts'

// Text from a host goes into Markdown in two ways only: as words of letters and digits, which mean nothing to any
// parser, or within a code span, where nothing means anything but the span's own end.

const lettersAndDigits = /^[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*$/u
const figure = /^[+-]?\d[\d.,:]*$/
const sign = /^[-–—=+·→,;:…%/]$/
const identifier = /^(?=.*\d)(?=.*\p{L}).{12,}$/u
const word = /^([("'“‘]*)(.*?)([)"'”’.,;:!?…%]*)$/u

/** A text as a code span that it cannot leave, also within a table; nothing in it is a link, a tag or an entity. */
export function code(text: string, maxLength = 300): string {
  const line = plain(text, maxLength)
  if (line === '') return '(empty)'
  // Parsers disagree on how a pipe is escaped within a code span within a table: it stands between spans instead.
  return line
    .split('|')
    .map((part) => (part === '' ? '' : span(part)))
    .join('&#124;')
}

function span(text: string): string {
  const runs = text.match(/`+/g) ?? []
  const longest = Math.max(0, ...runs.map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const needsRoom = /^`|`$|^ .* $/.test(text)
  return needsRoom ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`
}

/** A text as running prose: plain words stay words, everything else becomes a code span. */
export function prose(text: string, maxLength = 1000): string {
  const line = plain(text, maxLength)
  if (line === '') return '(empty)'
  const pieces: string[] = []
  let risky: string[] = []
  const flush = () => {
    if (risky.length > 0) pieces.push(code(risky.join(' '), Number.POSITIVE_INFINITY))
    risky = []
  }
  for (const given of line.split(' ')) {
    const [, before = '', core = '', after = ''] = word.exec(given) ?? []
    const isPlain = core === '' ? sign.test(given) : isHarmless(core)
    if (isPlain || before !== '') flush()
    if (isPlain) pieces.push(given)
    else if (core === '') risky.push(given)
    else if (before === '' && after === '') risky.push(given)
    else {
      pieces.push(`${before}${code([...risky, core].join(' '), Number.POSITIVE_INFINITY)}${after}`)
      risky = []
    }
  }
  flush()
  return pieces.join(' ')
}

function isHarmless(core: string): boolean {
  return figure.test(core) || (lettersAndDigits.test(core) && !identifier.test(core))
}

/** A table; the cells are Markdown already. Columns are as wide as their widest cell, up to a bound. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.min(48, Math.max(3, ...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf))),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width)).join(' | ')} |`
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')
}

function widthOf(text: string): number {
  return Array.from(text).length
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Items that are Markdown already, one a line. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}
