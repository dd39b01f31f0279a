import { plain } from '../../core/text.ts'

// Text from a host goes into Markdown in two ways only: as words of letters and digits, which mean nothing to any
// parser, or within a code span, where nothing means anything but the span's own end.

const lettersAndDigits = /^[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*$/u
const figure = /^[+-]?\d[\d.,:]*$/
const sign = /^[-–—=+·→,;:…%/]$/
const errorCode = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
const identifier = /^(?=.*\d)(?=.*\p{L})[\p{L}\p{N}]{12,}$/u
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

/** A text as running prose: plain words stay words, what stands in backticks or means anything is a code span. */
export function prose(text: string, maxLength = 1000): string {
  const line = plain(text, maxLength)
  if (line === '') return '(empty)'
  // Split at whole words in backticks: the odd parts are what stood between them.
  const parts = line.split(/(?<=^|[\s("'])`([^`]+)`(?=$|[\s)"'.,;:!?])/)
  const pieces = parts.map((part, index) => (index % 2 === 1 ? code(part, maxLength) : running(part)))
  return pieces.reduce((done, piece) =>
    done.endsWith('`') && piece.startsWith('`') ? `${done} ${piece}` : done + piece,
  )
}

function running(text: string): string {
  const pieces: string[] = []
  let risky: string[] = []
  const flush = (before = '', after = '') => {
    if (risky.length > 0) pieces.push(`${before}${code(risky.join(' '), Number.POSITIVE_INFINITY)}${after}`)
    risky = []
  }
  for (const given of text.split(' ')) {
    const [, before = '', core = '', after = ''] = word.exec(given) ?? []
    const isPlain = core === '' ? given === before + after || sign.test(given) : isHarmless(core)
    if (isPlain || before !== '') flush()
    if (isPlain) pieces.push(given)
    else risky.push(core === '' ? given : core)
    if (before !== '' || after !== '') flush(before, after)
  }
  flush()
  return pieces.join(' ')
}

function isHarmless(core: string): boolean {
  return figure.test(core) || errorCode.test(core) || (lettersAndDigits.test(core) && !identifier.test(core))
}

/** A table; the cells are Markdown already. Columns are as wide as their widest cell, up to a bound. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.min(88, Math.max(3, ...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf))),
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
