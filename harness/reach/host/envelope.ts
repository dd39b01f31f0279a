import { quoteCommand } from './quote.ts'

/**
 * What runs around a command, here as well as there: a language and a PATH that do not depend on the login, a leash
 * that ends it even when nobody is left to wait for it, and its exit code on a line that only this command can know,
 * because ssh itself answers 255 for a lost connection as well as for a command that ended with 255.
 */
const script = [
  'mark=$1 leash=$2',
  'unset DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION',
  'if [ -n "$3" ]; then DOCKER_HOST=$3; export DOCKER_HOST; fi',
  'shift 3',
  'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C',
  'export PATH LC_ALL',
  'if command -v timeout >/dev/null 2>&1; then timeout -k 2 "$leash" "$@"; else "$@"; fi',
  'code=$?',
  `printf '\\n%s %s\\n' "$mark" "$code" >&2`,
  'exit "$code"',
].join('\n')

/** What an envelope says beside the command. */
export interface Envelope {
  readonly mark: string
  /** Rounded up to whole seconds. */
  readonly leashMs: number
  /** What the docker CLI is to talk to; the variables of the environment never count. */
  readonly dockerHost: string | undefined
}

/** The argv that runs `argv` in its envelope. */
export function enclose(argv: readonly string[], envelope: Envelope): readonly [string, ...string[]] {
  const leash = String(Math.ceil(envelope.leashMs / 1000))
  return ['sh', '-c', script, 'pvcheck', envelope.mark, leash, envelope.dockerHost ?? '', ...argv]
}

/** The same as one line for a remote login shell, whichever that is. */
export function encloseLine(argv: readonly string[], envelope: Envelope): string {
  return `exec ${quoteCommand(enclose(argv, envelope))}`
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
