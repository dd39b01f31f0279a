import { resolve, unresolved, variable } from './marker.ts'

/**
 * The texts in the strings of a Nix file: comments gone, escapes undone, `${name}` replaced where the file binds
 * that name to one literal string, and marked as unresolved elsewhere. Nothing is evaluated.
 */
export function nixStrings(source: string): readonly string[] {
  const { strings, bindings } = scan(source)
  const lookUp = (name: string): string | undefined => {
    const values = [...(bindings.get(name) ?? [])]
    return values.length === 1 ? values[0] : undefined
  }
  return strings.map((text) => resolve(text, lookUp))
}

interface Scanned {
  readonly strings: readonly string[]
  /** Every literal that a name is bound to; more than one means that it depends on where. */
  readonly bindings: ReadonlyMap<string, ReadonlySet<string>>
}

function scan(source: string): Scanned {
  const strings: string[] = []
  const bindings = new Map<string, Set<string>>()
  let position = 0
  let code = ''
  while (position < source.length) {
    const comment = /^(#[^\n]*|\/\*[\s\S]*?(\*\/|$))/.exec(source.slice(position, position + maxComment))
    if (comment !== null) {
      position += comment[0].length
      continue
    }
    const quote = source.startsWith("''", position) ? "''" : source[position] === '"' ? '"' : undefined
    if (quote === undefined) {
      code = (code + source[position]).slice(-200)
      position += 1
      continue
    }
    const { text, end } = readString(source, position + quote.length, quote)
    const joined = /\+\s*$/.test(code) || /^\s*\+/.test(source.slice(end, end + 200))
    strings.push(joined ? `${unresolved}${text}${unresolved}` : text)
    const name = /([A-Za-z_][\w'-]*)\s*=\s*$/.exec(code)?.[1]
    const literal = /^\s*;/.test(source.slice(end, end + 200)) ? text : unresolved
    if (name !== undefined) bindings.set(name, (bindings.get(name) ?? new Set()).add(literal))
    code = ''
    position = end
  }
  return { strings, bindings }
}

const maxComment = 100_000

function readString(source: string, start: number, quote: '"' | "''"): { text: string; end: number } {
  let text = ''
  let position = start
  while (position < source.length) {
    const rest = source.slice(position, position + 4)
    const escaped = quote === '"' ? readEscape(rest) : readIndentedEscape(rest)
    if (escaped !== undefined) {
      text += escaped.text
      position += escaped.length
    } else if (rest.startsWith(`\${`)) {
      const end = endOfInterpolation(source, position + 2)
      const expression = source.slice(position + 2, end - 1).trim()
      text += /^[A-Za-z_][\w'-]*$/.test(expression) ? variable(expression) : unresolved
      position = end
    } else if (rest.startsWith(quote)) {
      return { text, end: position + quote.length }
    } else {
      text += source[position]
      position += 1
    }
  }
  return { text, end: position }
}

function readEscape(rest: string): { text: string; length: number } | undefined {
  if (!rest.startsWith('\\')) return rest.startsWith('$$') ? { text: '$$', length: 2 } : undefined
  const character = rest[1] ?? ''
  return { text: controls[character] ?? character, length: 2 }
}

/** In an indented string: `'''` is two quotes, `''$` a dollar, `''\n` a newline. */
function readIndentedEscape(rest: string): { text: string; length: number } | undefined {
  if (rest.startsWith("'''")) return { text: "''", length: 3 }
  if (rest.startsWith("''$")) return { text: '$', length: 3 }
  if (rest.startsWith("''\\")) return { text: controls[rest[3] ?? ''] ?? rest[3] ?? '', length: 4 }
  return rest.startsWith('$$') ? { text: '$$', length: 2 } : undefined
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

/** Strings in it may hold braces of their own; those in pairs do no harm. */
function endOfInterpolation(source: string, start: number): number {
  let depth = 1
  let position = start
  for (; position < source.length && depth > 0; position += 1) {
    if (source[position] === '{') depth += 1
    if (source[position] === '}') depth -= 1
  }
  return position
}
