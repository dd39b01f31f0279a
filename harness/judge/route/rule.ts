import { toHostPattern, toPathPattern } from './rule-pattern.ts'

/** What a router is asked for. */
export interface Asked {
  /** Without a port, in lower case. */
  readonly host: string
  readonly path: string
  readonly method: string
}

/** Undefined where it cannot be told from here. */
type Match = boolean | undefined

/** Whether a rule of Traefik, version 2 or 3, matches; undefined where that cannot be told from here. */
export function matchesRule(rule: string, asked: Asked, version: string): Match {
  const tokens = tokensOf(rule)
  const match = readEither(tokens, (name, values) => matchOne(name, values, asked, version))
  return tokens.length === 0 ? match : undefined
}

type Matcher = (name: string, values: readonly string[]) => Match

function tokensOf(rule: string): string[] {
  const tokens = rule.match(/&&|\|\||[!(),]|`[^`]*`|"(?:[^"\\]|\\.)*"|[A-Za-z]+|\S/gsu)
  return [...(tokens ?? [])]
}

// What is no rule leaves tokens behind, or has no value where one should be: both come to undefined.

function readEither(tokens: string[], matcher: Matcher): Match {
  const sides = [readBoth(tokens, matcher)]
  while (take(tokens, '||')) sides.push(readBoth(tokens, matcher))
  return anyOf(sides)
}

function readBoth(tokens: string[], matcher: Matcher): Match {
  const sides = [readOne(tokens, matcher)]
  while (take(tokens, '&&')) sides.push(readOne(tokens, matcher))
  return allOf(sides)
}

function readOne(tokens: string[], matcher: Matcher): Match {
  if (take(tokens, '!')) return not(readOne(tokens, matcher))
  if (take(tokens, '(')) {
    const inner = readEither(tokens, matcher)
    return take(tokens, ')') ? inner : undefined
  }
  const name = tokens.shift() ?? ''
  const values: string[] = []
  if (!take(tokens, '(')) return undefined
  do values.push(unquote(tokens.shift() ?? ''))
  while (take(tokens, ','))
  return take(tokens, ')') ? matcher(name, values) : undefined
}

function take(tokens: string[], token: string): boolean {
  if (tokens[0] !== token) return false
  tokens.shift()
  return true
}

function unquote(token: string): string {
  const text = token.slice(1, -1)
  return token.startsWith('"') ? text.replace(/\\(.)/gsu, '$1') : text
}

function matchOne(name: string, values: readonly string[], { host, path, method }: Asked, version: string): Match {
  const some = (matches: (value: string) => Match): Match => anyOf(values.map(matches))
  switch (name.toLowerCase()) {
    case 'host':
    case 'hostheader':
      return some((value) => isHost(value.toLowerCase(), host))
    case 'hostregexp':
      return some((value) => toHostPattern(value, version)?.test(host))
    case 'path':
      return some((value) => toPathPattern(value, 'whole', version)?.test(path))
    case 'pathprefix':
      return some((value) => toPathPattern(value, 'prefix', version)?.test(path))
    case 'method':
      return some((value) => value.toUpperCase() === method)
    // Headers, queries, the client's address: what they say of us is not known here.
    default:
      return undefined
  }
}

function isHost(wanted: string, host: string): Match {
  // Only the newest of Traefik take it for a wildcard.
  if (wanted.startsWith('*')) return host.endsWith(wanted.replace(/^\*+/, '')) ? undefined : false
  return wanted.replace(/\.$/, '') === host.replace(/\.$/, '')
}

function anyOf(sides: readonly Match[]): Match {
  if (sides.includes(true)) return true
  return sides.includes(undefined) ? undefined : false
}

function allOf(sides: readonly Match[]): Match {
  if (sides.includes(false)) return false
  return sides.includes(undefined) ? undefined : true
}

function not(side: Match): Match {
  return side === undefined ? undefined : !side
}
