import { redacted } from './redact-known.ts'
import { isSecretName } from './redact-names.ts'

/** Programs whose `-pSECRET`, or `-a SECRET`, is a password; of others the same letters mean a port, a path, all. */
const joinsPassword = /\b(?:mysql|mariadb|mongo)/
const takesAuth = /\bredis-cli\b|\bvalkey-cli\b/

const joined = /((?:^|\s)-p)(?=[^\s\\"';&|]|\\{0,3}["'])[^\s;&|]+/g
const apart = /((?:^|\s)-p\s{1,3})(?![\s-])[^\s;&|]+/g
const auth = /((?:^|\s)-a\s{1,3})(?![\s-])[^\s;&|]+/g
const user = /((?:^|\s)(?:-u|--user)[\s=]\s{0,2}\\{0,3}["']?)(?!\d+:\d+(?:\s|$))([^\s"':]{1,100}:)[^\s"'\\]+/g
/** What a rule of Traefik wants to see in a request: `Header(`X-Token`, `...`)`. */
const matcher = /\b((?:Headers?|Query)(?:Regexp)?\(\s{0,3}([`'"]))([^`'"]{1,100})(\2\s{0,3},\s{0,3}[`'"])[^`'"]+/g

/** Hides in a line what only the program before it makes a password. */
export function redactPrograms(line: string): string {
  let result = line
  if (joinsPassword.test(line)) result = result.replace(joined, `$1${redacted}`).replace(apart, `$1${redacted}`)
  if (takesAuth.test(line)) result = result.replace(auth, `$1${redacted}`)
  if (line.includes('-u')) result = result.replace(user, `$1$2${redacted}`)
  if (!line.includes('(')) return result
  return result.replace(matcher, (whole, head: string, _quote: string, name: string, comma: string) =>
    isSecretName(name) ? `${head}${name}${comma}${redacted}` : whole,
  )
}

/** The same for a command that is a list of words; `undefined` where the word is none of its secrets. */
export function redactWord(words: readonly unknown[], index: number): string | undefined {
  const word = words[index]
  if (typeof word !== 'string') return undefined
  const program = words.slice(0, 5).filter((item) => typeof item === 'string')
  if (/^-p./.test(word) && program.some((item) => joinsPassword.test(item))) return `-p${redacted}`
  const isAuth = words[index - 1] === '-a' && !word.startsWith('-') && program.some((item) => takesAuth.test(item))
  return isAuth ? redacted : undefined
}
