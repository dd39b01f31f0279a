/** A line as several that fit the screen, broken between words; what follows stands under the text of the first. */
export function wrapped(line: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || line.length <= columns) return [line]
  const indent = /^(?: *(?:\S )?)/.exec(line)?.[0].length ?? 0
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const next = current === '' && lines.length === 0 ? word : `${current} ${word}`
    if (next.length >= columns && current.trim() !== '') {
      lines.push(current)
      current = ' '.repeat(indent) + word
    } else current = lines.length === 0 && current === '' && word === '' ? ' ' : next
  }
  return [...lines, current]
}
