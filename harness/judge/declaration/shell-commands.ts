import { resolve, unresolved, variable } from './marker.ts'

/** A simple command: its words, quotes and line continuations undone. */
export type Command = readonly string[]

/**
 * The simple commands of a shell script, in order: comments and here-documents gone, variables put in where the
 * script sets them to one literal value, and marked as unresolved elsewhere. Nothing is run.
 */
export function shellCommands(script: string): readonly Command[] {
  const commands = splitCommands(withoutHereDocuments(script))
  const values = new Map<string, Set<string>>()
  for (const command of commands) {
    for (const word of assignmentsIn(command)) {
      const [name = '', ...value] = word.split('=')
      values.set(name, (values.get(name) ?? new Set()).add(value.join('=')))
    }
  }
  const lookUp = (name: string): string | undefined => {
    const known = [...(values.get(name) ?? [])]
    return known.length === 1 ? known[0] : undefined
  }
  return commands.map((command) => command.map((word) => resolve(word, lookUp)))
}

const assignment = /^[A-Za-z_]\w*=/
const assigners = new Set(['export', 'readonly', 'local', 'declare', 'typeset'])

function assignmentsIn(command: Command): readonly string[] {
  const words = assigners.has(command[0] ?? '') ? command.slice(1) : command
  const end = words.findIndex((word) => !assignment.test(word))
  return end < 0 ? words : words.slice(0, end)
}

/** What comes before the name of the program: keywords and assignments. */
export function programAndArguments(command: Command): Command {
  const start = command.findIndex((word) => !assignment.test(word) && !keywords.has(word))
  return start < 0 ? [] : command.slice(start)
}

const keywords = new Set([
  'if',
  'then',
  'elif',
  'else',
  'do',
  'while',
  'until',
  '!',
  '{',
  'time',
  'exec',
  'sudo',
  'command',
])

function withoutHereDocuments(script: string): string {
  return script.replace(/<<-?\s*(['"]?)([A-Za-z_]\w*)\1([^\n]*)\n[\s\S]*?\n\s*\2(?=\n|$)/g, '$3')
}

function splitCommands(script: string): Command[] {
  const commands: string[][] = [[]]
  let word: string | undefined
  const endWord = (): void => {
    if (word !== undefined) commands.at(-1)?.push(word)
    word = undefined
  }
  const endCommand = (): void => {
    endWord()
    commands.push([])
  }
  let position = 0
  while (position < script.length) {
    const rest = script.slice(position)
    const token = nextToken(rest, word !== undefined)
    position += token.length
    if (token.kind === 'space') endWord()
    else if (token.kind === 'separator') endCommand()
    else if (token.kind === 'text') word = (word ?? '') + token.text
  }
  endCommand()
  return commands.filter((command) => command.length > 0)
}

type Token =
  | { readonly kind: 'space' | 'separator' | 'nothing'; readonly length: number }
  | { readonly kind: 'text'; readonly text: string; readonly length: number }

function nextToken(rest: string, inWord: boolean): Token {
  const continuation = /^\\\r?\n/.exec(rest)
  if (continuation !== null) return { kind: 'nothing', length: continuation[0].length }
  const comment = inWord ? null : /^#[^\n]*/.exec(rest)
  if (comment !== null) return { kind: 'nothing', length: comment[0].length }
  const space = /^[ \t\r]+/.exec(rest)
  if (space !== null) return { kind: 'space', length: space[0].length }
  const separator = /^[\n;&|()`]+/.exec(rest)
  if (separator !== null) return { kind: 'separator', length: separator[0].length }
  const single = /^'([^']*)'/.exec(rest)
  if (single !== null) return { kind: 'text', text: single[1] ?? '', length: single[0].length }
  const double = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest)
  if (double !== null) return { kind: 'text', text: expandQuoted(double[1] ?? ''), length: double[0].length }
  const escaped = /^\\([\s\S])/.exec(rest)
  if (escaped !== null) return { kind: 'text', text: escaped[1] ?? '', length: 2 }
  const dollar = readDollar(rest)
  if (dollar !== undefined) return { kind: 'text', ...dollar }
  return { kind: 'text', text: rest[0] ?? '', length: 1 }
}

/** `$NAME` and `${NAME}` are known by their names; `${NAME:-x}`, `$(...)` and `$1` depend on the moment. */
function readDollar(rest: string): { text: string; length: number } | undefined {
  const named = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(rest)
  if (named !== null) return { text: variable(named[1] ?? named[2] ?? ''), length: named[0].length }
  const other = /^\$(?:\{[^}]*\}|\([^)]*\)|[\d@*#?$!-])/.exec(rest)
  return other === null ? undefined : { text: unresolved, length: other[0].length }
}

function expandQuoted(text: string): string {
  let expanded = ''
  let position = 0
  while (position < text.length) {
    const rest = text.slice(position)
    const escaped = /^\\(["\\$`]|\r?\n)/.exec(rest)
    const dollar = readDollar(rest)
    if (escaped !== null) {
      expanded += escaped[1]?.endsWith('\n') ? '' : (escaped[1] ?? '')
      position += escaped[0].length
    } else if (dollar !== undefined) {
      expanded += dollar.text
      position += dollar.length
    } else {
      expanded += rest[0]
      position += 1
    }
  }
  return expanded
}
