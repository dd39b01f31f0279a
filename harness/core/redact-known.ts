/** What stands where a secret was. */
export const redacted = '[redacted]'

/** Replaces every form of the known secrets in a text; the same text where there is none. */
export type KnownSecrets = (text: string) => string

const minimumLength = 4
const base64Run = /[A-Za-z0-9+/_=-]/

/**
 * Looks for secrets as they are and as they travel: in base64 (also within a longer value, as in `user:secret`), hex,
 * percent- and form-encoded, and escaped by JSON (once and twice), Go, HTML. A secret of less than four characters is
 * recognised only where it is the whole text: it would else turn up everywhere.
 */
export function createKnownSecrets(secrets: readonly string[]): KnownSecrets {
  const wanted = secrets.flatMap(partsOf).filter((secret) => secret !== '' && !redacted.includes(secret))
  const short = new Set(wanted.filter((secret) => secret.length < minimumLength))
  const long = [...new Set(wanted.filter((secret) => secret.length >= minimumLength))]
  const literal = alternatives(long.flatMap(spellings))
  const encoded = alternatives(long.flatMap(base64Cores))
  return (text) => {
    if (short.has(text)) return redacted
    let result = text
    if (literal?.test(result)) result = result.replace(new RegExp(literal, 'g'), redacted)
    if (encoded !== undefined) result = replaceRuns(result, encoded)
    return result
  }
}

/** A secret, without the line break a file ends with, and each line of one that has several. */
function partsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= 12)
  return [secret, secret.trim(), ...(lines.length > 1 ? lines : [])]
}

function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  const go = json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
  const ascii = json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const twice = JSON.stringify(json).slice(1, -1)
  const html = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
  const percent = percentEncoded(secret)
  const form = percent.replace(/%20/g, '+')
  const bytes = Buffer.from(secret, 'utf8')
  const all = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return [
    ...[secret, json, json.replaceAll('/', '\\/'), go, ascii, twice],
    ...[html, html.replace(/'/g, '&#39;'), html.replaceAll('&quot;', '&#34;').replace(/'/g, '&#39;')],
    ...[percent, lowerPercent(percent), form, lowerPercent(form), strictPercent(percent), encodeForUri(secret)],
    ...[all, all.toUpperCase(), bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
  ]
}

function percentEncoded(secret: string): string {
  // encodeURIComponent refuses half a surrogate pair.
  return encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8'))
}

function encodeForUri(secret: string): string {
  return encodeURI(Buffer.from(secret, 'utf8').toString('utf8'))
}

function strictPercent(encoded: string): string {
  return encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function lowerPercent(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (triplet) => triplet.toLowerCase())
}

/** The base64 characters that a secret's bytes alone decide, wherever in a longer value they stand. */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  return [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const firstSure = Math.ceil((offset * 8) / 6)
    const sure = whole.slice(firstSure, Math.floor(((offset + bytes.length) * 8) / 6))
    return sure.length < minimumLength ? [] : [sure, sure.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

function alternatives(texts: readonly string[]): RegExp | undefined {
  const unique = [...new Set(texts)].filter((text) => text.length >= minimumLength)
  if (unique.length === 0) return undefined
  const longestFirst = unique.sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'))
}

/** Takes the whole run of base64 around each hit: its first and last characters still hold bits of the secret. */
function replaceRuns(text: string, pattern: RegExp): string {
  let rest = text
  let done = ''
  for (let hit = pattern.exec(rest); hit !== null; hit = pattern.exec(rest)) {
    let start = hit.index
    let end = hit.index + hit[0].length
    while (start > 0 && base64Run.test(rest.charAt(start - 1))) start--
    while (end < rest.length && base64Run.test(rest.charAt(end))) end++
    done += rest.slice(0, start) + redacted
    rest = rest.slice(end)
  }
  return done === '' ? text : done + rest
}
