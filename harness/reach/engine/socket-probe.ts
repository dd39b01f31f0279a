import { PvcheckError } from '../../core/errors.ts'
import { excerptOf } from '../excerpt.ts'
import type { HostRunner } from '../host/runner.ts'
import { engineUnreachable, noDockerd, noPermission, notDocker } from './trouble.ts'

/** `-w` asks the kernel, so that groups, ACLs and closed folders above all count; 00010000 marks one who listens. */
const script = [
  'id -un',
  'if [ ! -x "$(dirname "$1")" ]; then echo denied',
  'elif [ ! -e "$1" ]; then echo missing',
  'elif [ ! -S "$1" ]; then echo other',
  'elif [ ! -w "$1" ]; then echo denied',
  'else',
  '  real=$(readlink -f "$1")',
  '  while read -r _ _ _ flags _ _ _ path; do',
  '    case "$flags $path" in "00010000 $1"|"00010000 $real") echo listening; exit;; esac',
  '  done </proc/net/unix',
  '  echo idle',
  'fi',
].join('\n')

/**
 * Why a socket of the host does not answer through the tunnel. ssh says no more than "open failed", so the host is
 * asked; this is done only when something is wrong.
 */
export async function explainTunnel(
  host: HostRunner,
  socketPath: string,
  label: string,
  around: { sshSaid: () => string; error: unknown; signal: AbortSignal },
): Promise<PvcheckError> {
  const { sshSaid, error, signal } = around
  const { user, state } = await probe(host, socketPath, signal)
  // Only now: what ssh says of a connection comes after its end.
  const wasRefused = /open failed/.test(sshSaid())
  switch (state) {
    case 'denied':
      return noPermission(label, user, error)
    case 'missing':
      return noDockerd(label, 'there is no such socket', error)
    case 'other':
      return noDockerd(label, 'that is not a socket', error)
    case 'idle':
    case 'listening':
      if (!wasRefused) return notDocker(label, 'it takes a connection and closes it without an answer', error)
      if (state === 'idle') return noDockerd(label, 'nobody listens at the socket', error)
      return engineUnreachable(label, 'sshd forbids the tunnel (AllowStreamLocalForwarding, DisableForwarding)', error)
    default:
      return engineUnreachable(label, `the tunnel to it is closed at once${excerptOf(sshSaid())}`, error)
  }
}

async function probe(
  host: HostRunner,
  socketPath: string,
  signal: AbortSignal,
): Promise<{ user: string; state: string }> {
  try {
    const { stdout } = await host.run(['sh', '-c', script, 'pvcheck', socketPath], { signal })
    const [user = '', state = ''] = stdout.trim().split('\n')
    return { user, state }
  } catch (error) {
    if (error instanceof PvcheckError && error.code === 'REACH_COMMAND_CUT_SHORT') return { user: '', state: '' }
    throw error
  }
}
