import { quoteCommand } from './quote.ts'

/**
 * What runs around a command, here as well as there: a language and a PATH that do not depend on the login, a leash
 * that ends it even when nobody is left to wait for it, and its exit code on a line that only this command can know,
 * because ssh itself answers 255 for a lost connection as well as for a command that ended with 255.
 */
const script = [
  'mark=$1 leash=$2',
  'shift 2',
  'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C',
  'export PATH LC_ALL',
  'if command -v timeout >/dev/null 2>&1; then timeout -k 2 "$leash" "$@"; else "$@"; fi',
  'code=$?',
  `printf '\\n%s %s\\n' "$mark" "$code" >&2`,
  'exit "$code"',
].join('\n')

/** The argv that runs `argv` in its envelope. `leashMs` is rounded up to whole seconds. */
export function enclose(argv: readonly string[], mark: string, leashMs: number): readonly string[] {
  return ['sh', '-c', script, 'pvcheck', mark, String(Math.ceil(leashMs / 1000)), ...argv]
}

/** The same as one line for a remote login shell, whichever that is. */
export function encloseLine(argv: readonly string[], mark: string, leashMs: number): string {
  return `exec ${quoteCommand(enclose(argv, mark, leashMs))}`
}

/** The command's own stderr and exit code; `undefined` when it did not run to its end. */
export function unseal(stderr: string, mark: string): { stderr: string; exitCode: number } | undefined {
  const at = stderr.lastIndexOf(`\n${mark} `)
  if (at === -1) return undefined
  const [code, rest] = splitOnce(stderr.slice(at + mark.length + 2), '\n')
  if (!/^\d+$/.test(code)) return undefined
  return { stderr: stderr.slice(0, at) + rest, exitCode: Number(code) }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
