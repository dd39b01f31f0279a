import { redactPrograms } from './redact-commands.ts'
import { redacted } from './redact-known.ts'
import { nameKind } from './redact-names.ts'

/** A cheap look, line by line, that nearly every text fails, before the rules are tried one by one. */
const suspicious =
  /SWM(?:TKN|KEY)-|:\/\/|eyJ|AGE-SECRET|\$(?:apr1|2[abxy]|[156y]|argon2)|A[KS]IA|AIza|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|xox[a-z]-|dckr_|npm_|pypi-|[srp]k_(?:live|test)|sk-|hv[sbr]\.|SG\.|ya29|dop_v1|shp[a-z]{2}_|pass|pwd|secret|token|cred|auth|cookie|key|dsn|bearer|basic|jwt|private|salt|otp|hmac|form data: |:AA/i

/** Secrets that can be told by their own form, wherever they stand. */
const tokens =
  /SWM(?:TKN|KEY)-[A-Za-z0-9][A-Za-z0-9+/=_-]*|\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){0,3}|\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}|\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w-]{16,}|\bxox[abeprs]-[A-Za-z0-9-]{8,}|\bdckr_[op]at_[\w-]{16,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{32,}|\bdop_v1_[a-f0-9]{32,}|\bshp[a-z]{2}_[a-fA-F0-9]{32}|\b[srp]k_(?:live|test)_\w{16,}|\bsk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,}|\bhv[sbr]\.[\w-]{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bya29\.[\w-]{20,}|\bAIza[\w-]{30,}|\bA[KS]IA[0-9A-Z]{16}\b|\b\d{6,12}:AA[\w-]{30,}|AGE-SECRET-KEY-1[0-9A-Za-z]{16,}|\${1,2}(?:apr1|2[abxy]|[156y]|argon2(?:id|i|d))\${1,2}[A-Za-z0-9./$=,+-]{8,}/g
const pem =
  /-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END \1PRIVATE KEY(?: BLOCK)?-----|$)/g
/** A path that is the secret: whoever knows it may post. */
const webhook = /\b(hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/g
/** In debug mode dockerd repeats whole requests, variables and commands included. */
const request = /\b(form data: ).+/g
/** The user of a share: `//user:password@host/share`. */
const share = /((?:^|[\s"'=,])\/\/)[^\s/:@"']{1,100}:[^\s/@"']{1,200}@/g
const userInfo = /([a-zA-Z][a-zA-Z0-9+.-]{0,30}):\/\/([^\s/?#"'<>\\]*)@(?!sha\d)/g
const scheme = /\b(bearer|basic)(\s+)([A-Za-z0-9._~+/=-]{8,})/gi
const header =
  /((?:\bproxy-)?\bauthorization|\b(?:set-)?cookie2?|\bx-[a-z-]{0,40}(?:token|key|secret|auth)[a-z-]{0,20})(\\*["']?\s{0,3}[:=]\s{0,3}\\*["']?)([^\r\n"'\\]+)/gi
/** The end of a name that may be a secret's, and what stands between it and its value. */
const assigned =
  /(?:pass|pwd|secret|token|cred|auth|cookie|key|dsn|jwt|bearer|private|pw|otp|hmac)[\w.-]{0,60}\\{0,3}["']?\s{0,3}(?:=>|:=|[=:])\s{0,3}/gi
const flag = /(?<![\w-])--?([A-Za-z][\w-]{1,60})(\s+)(?=[^\s-])/g
const shortPassword = /(?<![^\s])(-p)(\s+|=)(?=\S)/g

/** All that is to be hidden in a text for what it looks like. `isCommand`: an argument of `-p` is a password there. */
export function redactText(text: string, isCommand: boolean): string {
  const whole = text.includes('PRIVATE KEY') ? text.replace(pem, redacted) : text
  if (!whole.includes('\n')) return redactLine(whole, isCommand)
  return whole.replace(/[^\r\n]+/g, (line) => redactLine(line, isCommand))
}

function redactLine(line: string, isCommand: boolean): string {
  let result = line
  if (suspicious.test(line)) {
    result = result.replace(tokens, redacted)
    if (result.includes('form data: ')) result = result.replace(request, `$1${redacted}`)
    if (result.includes('://')) result = result.replace(webhook, `$1${redacted}`)
    if (result.includes('://')) result = result.replace(userInfo, withoutUser)
    result = result.replace(scheme, withoutCredentials)
    result = result.replace(header, `$1$2${redacted}`)
    result = redactValues(result, assigned, isSecretAssignment)
    result = redactValues(result, flag, (hit) => nameKind(hit.trim().replace(/^-+/, '')) === 'secret')
  }
  if (result.includes('//')) result = result.replace(share, `$1${redacted}@`)
  result = redactPrograms(result)
  return isCommand && line.includes('-p') ? redactValues(result, shortPassword, () => true) : result
}

function withoutUser(whole: string, protocol: string, user: string): string {
  // `ssh://root@host` names a way in, not a secret; a lone name before `https://...@` mostly is a token.
  if (user === '' || (protocol.toLowerCase() === 'ssh' && !user.includes(':'))) return whole
  return `${protocol}://${redacted}@`
}

const prose = /^(?:auth\w*|token|tokens|credentials?|access|realm\S*|scheme|header|settings?|configuration)$/i

function withoutCredentials(whole: string, name: string, space: string, value: string): string {
  const isSecret = name.toLowerCase() === 'basic' ? holdsUserAndPassword(value) : !prose.test(value)
  return isSecret ? `${name}${space}${redacted}` : whole
}

function holdsUserAndPassword(value: string): boolean {
  return /^[ -~\u00A0-\uFFFC]*:[ -~\u00A0-\uFFFC]*$/.test(Buffer.from(value, 'base64').toString('utf8'))
}

const certain = /passw|pwd|passphrase|api.?key|private.?key|access.?key|client.?secret|secret.?key/i

function isSecretAssignment(hit: string, text: string, start: number, valueStart: number): boolean {
  let from = start
  while (from > 0 && start - from < 100 && /[\w.-]/.test(text.charAt(from - 1))) from--
  const name = text.slice(from, start) + (/^[\w.-]+/.exec(hit)?.[0] ?? '')
  if (nameKind(name.replace(/^[-.]+/, '')) !== 'secret') return false
  // "secret: not found" is prose, and a log line's meaning; "tokens=3" is a count.
  const value = /^[^\s"']*/.exec(text.slice(valueStart, valueStart + 60))?.[0] ?? ''
  if (/:\s+$/.test(hit) && /^[a-z]+[.,;)]?$/.test(value) && !certain.test(name)) return false
  if (/s$/i.test(name) && /^\d+\W?$/.test(value)) return false
  return !/^(?:(?:true|false|null|nil|none)\W?|[[{(])$/i.test(value)
}

type Decide = (hit: string, text: string, start: number, valueStart: number) => boolean

/** Hides the value that follows each hit of `lead` that `isSecret` confirms; what lies in other values is looked at, too. */
function redactValues(text: string, lead: RegExp, isSecret: Decide): string {
  let done = ''
  let from = 0
  for (const hit of text.matchAll(lead)) {
    const valueStart = hit.index + hit[0].length
    if (hit.index < from || !isSecret(hit[0], text, hit.index, valueStart)) continue
    const [start, end] = valueAt(text, valueStart)
    if (start === end) continue
    done += text.slice(from, start) + redacted
    from = end
  }
  return from === 0 ? text : done + text.slice(from)
}

/** Where a value begins and ends: within its quotes, escaped ones included, or up to the next space, quote or `&`. */
function valueAt(text: string, at: number): readonly [number, number] {
  const quote = /^\\{0,7}["']/.exec(text.slice(at, at + 8))?.[0]
  if (quote === undefined) {
    const bare = /[^\s"'&]*/y
    bare.lastIndex = at
    return [at, at + (bare.exec(text)?.[0].length ?? 0)]
  }
  const start = at + quote.length
  let end = text.indexOf(quote, start)
  while (end > 0 && text.charAt(end - 1) === '\\') end = text.indexOf(quote, end + 1)
  return [start, end < 0 ? text.length : end]
}
