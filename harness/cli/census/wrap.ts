/** A line as several that fit the screen, broken between words; what follows stands below the text of the first. */
export function wrapped(line: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || line.length < columns) return [line]
  const text = line.trimStart()
  const indent = ' '.repeat(line.length - text.length)
  const lines: string[] = []
  let current = indent
  for (const word of text.split(' ')) {
    const isFirst = current.trim() === ''
    if (!isFirst && current.length + 1 + word.length >= columns) {
      lines.push(current)
      current = (indent === '' ? '  ' : indent) + word
    } else current += isFirst ? word : ` ${word}`
  }
  return [...lines, current]
}
