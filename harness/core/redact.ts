import { redactWord } from './redact-commands.ts'
import { createKnownSecrets, redacted } from './redact-known.ts'
import { isSecretName, type NameKind, nameKind } from './redact-names.ts'
import { redactText } from './redact-text.ts'
import { remember } from './remember.ts'

/** Hides what is secret in anything that can be JSON; the structure stays, and what holds no secret is returned as it is. */
export type Redact = (value: unknown) => unknown

const deepest = 200
const mostPasses = 4
/** JSON within JSON within JSON costs more with each level: a few levels are all that anybody means. */
const jsonDepth = 25
const harmless = /^(?:|true|false|yes|no|on|off|null|none)$/i

type Walk = (value: unknown, kind: NameKind, depth: number) => unknown

/**
 * Makes a redactor that hides `knownSecrets` in every form they travel in, and what it recognises by itself: values of
 * environments, of names that sound secret, of `Data`; tokens, private keys, user information in URLs, credentials in
 * headers and arguments, in text and in JSON within text. Applied twice it changes nothing more.
 */
export function createRedactor(knownSecrets: readonly string[]): Redact {
  const withoutKnown = createKnownSecrets(knownSecrets)
  const cleanName = remember((name) => redactText(withoutKnown(name), false))

  function text(value: string, kind: NameKind, depth: number): string {
    if (kind === 'secret') return harmless.test(value) ? value : redacted
    if (kind === 'data') return value === '' ? value : redacted
    if (kind === 'environment') return variable(value, (given) => text(given, 'plain', depth))
    // What one rule leaves may be another's to hide: again until nothing changes, which for nearly all is at once.
    let before = value
    for (let pass = 0; pass < mostPasses; pass++) {
      const known = withoutKnown(before)
      const parsed = depth < deepest ? jsonWithin(known, walk, depth) : known
      const after = redactText(parsed, kind === 'command')
      if (after === before) break
      before = after
    }
    return before
  }

  function list(values: readonly unknown[], kind: NameKind, depth: number): readonly unknown[] {
    const bytes = textOfBytes(values)
    if (bytes !== undefined) {
      const clean = text(bytes, kind, depth)
      return clean === bytes ? values : [...Buffer.from(clean, 'utf8')]
    }
    return changed(values, (value, index) => {
      const word = kind === 'command' ? redactWord(values, index) : undefined
      if (word !== undefined) return word
      const before = values[index - 1]
      const isArgument = typeof before === 'string' && typeof value === 'string' && announces(before, kind)
      return walk(isArgument ? argument(before, value) : value, kind, depth)
    })
  }

  function fields(object: object, kind: NameKind, depth: number): object {
    const entries: [string, unknown][] = Object.entries(object)
    const pair = secretPair(object)
    let touched = false
    for (const entry of entries) {
      const [name, value] = entry
      const own = pair === name ? 'secret' : nameKind(name)
      // Below a secret name everything is secret; a variable's name in an environment says nothing of its value.
      entry[1] = environmentValue(value, kind) ?? walk(value, kind === 'secret' ? 'secret' : own, depth)
      entry[0] = cleanName(name)
      if (entry[1] !== value || entry[0] !== name) touched = true
    }
    return touched ? Object.fromEntries(distinct(entries)) : object
  }

  function walk(value: unknown, kind: NameKind, depth: number): unknown {
    if (typeof value === 'string') return text(value, kind, depth)
    if (typeof value === 'number' || typeof value === 'bigint') {
      return withoutKnown(String(value)) === String(value) ? value : redacted
    }
    if (typeof value !== 'object' || value === null) return value
    if (depth >= deepest) return redacted
    if (Array.isArray(value)) return list(value, kind, depth + 1)
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return redacted
    if (value instanceof Error) return fields({ name: value.name, message: value.message }, kind, depth + 1)
    return fields(value, kind, depth + 1)
  }

  return (value) => walk(value, 'plain', 0)
}

/** Two names that have become one would hide a field: the later one gets a number. */
function distinct(entries: readonly (readonly [string, unknown])[]): (readonly [string, unknown])[] {
  const taken = new Set<string>()
  return entries.map(([name, value]) => {
    let own = name
    for (let number = 2; taken.has(own); number++) own = `${name} ${number}`
    taken.add(own)
    return [own, value]
  })
}

/** The array itself where `change` changes nothing. */
function changed(values: readonly unknown[], change: (value: unknown, index: number) => unknown): readonly unknown[] {
  const result = values.map(change)
  return result.every((value, index) => value === values[index]) ? values : result
}

/** `NAME=value` with its value hidden; a text that assigns nothing goes to `otherwise`. */
function variable(assignment: string, otherwise: (text: string) => string): string {
  const at = assignment.indexOf('=')
  if (at < 0) return otherwise(assignment)
  return at === assignment.length - 1 ? assignment : `${otherwise(assignment.slice(0, at))}=${redacted}`
}

/** The value of a variable where an environment is an object; whatever its type, it is hidden. */
function environmentValue(value: unknown, kind: NameKind): string | undefined {
  if (kind !== 'environment' || value === '') return undefined
  return typeof value === 'string' || typeof value === 'number' ? redacted : undefined
}

/** Of `{ name: 'Authorization', value: '...' }` the key that holds the secret. */
function secretPair(object: object): string | undefined {
  if (!('value' in object || 'Value' in object)) return undefined
  const name = Object.entries(object).find(([key]) => /^(?:name|key|header)$/i.test(key))?.[1]
  if (typeof name !== 'string' || !isSecretName(name)) return undefined
  return Object.keys(object).find((key) => /^value$/i.test(key))
}

/** Whether the next word of a command line, or of a list of header names and values, is a secret. */
function announces(word: string, kind: NameKind): boolean {
  if (word.length > 80 || !/^-{0,2}[A-Za-z][\w-]*$/.test(word)) return false
  if (word === '-p') return kind === 'command'
  if (word === '-u' || word === '--user') return true
  const isHeader = /^(?:(?:proxy-)?authorization|(?:set-)?cookie2?|x-[a-z-]+)$/i.test(word)
  return (word.startsWith('-') || isHeader) && isSecretName(word)
}

function argument(flag: string, value: string): string {
  if (flag !== '-u' && flag !== '--user') return value.startsWith('-') && flag.startsWith('-') ? value : redacted
  // `--user 1000:1000` is no secret, `--user name:password` is.
  return value.includes(':') && !/^\d+:\d+$/.test(value) ? redacted : value
}

/** The text of a list of bytes: journald and JSON have binary fields that way. */
function textOfBytes(values: readonly unknown[]): string | undefined {
  if (values.length < 4 || !values.every(isByte)) return undefined
  return Buffer.from(values).toString('utf8')
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255
}

/** JSON in a text, or one JSON value a line, redacted as what it is; the text itself where that changes nothing. */
function jsonWithin(text: string, walk: Walk, depth: number): string {
  if (!/^\s*[[{]/.test(text)) return text
  const whole = redactJson(text, walk, depth)
  if (whole !== undefined) return whole
  if (!text.includes('\n')) return text
  return text.replace(/[^\r\n]+/g, (line) => redactJson(line, walk, depth) ?? line)
}

function redactJson(text: string, walk: Walk, depth: number): string | undefined {
  if (!/^\s*[[{]/.test(text) || !/[\]}]\s*$/.test(text)) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const clean = walk(value, 'plain', depth + jsonDepth)
  if (clean === value) return text
  const indent = /^\s*[[{]\r?\n([ \t]+)/.exec(text)?.[1]
  const trailing = /\s*$/.exec(text)?.[0] ?? ''
  return JSON.stringify(clean, null, indent) + trailing
}
