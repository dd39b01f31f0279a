import { PvcheckError } from '../../core/errors.ts'
import { excerptOf } from '../excerpt.ts'
import type { HostRunner } from '../host/runner.ts'
import { engineUnreachable, noDockerd, noPermission } from './trouble.ts'

/** `-w` asks the kernel, so that groups, ACLs and closed folders above all count. */
const script = [
  'id -un',
  'if [ ! -x "$(dirname "$1")" ]; then echo denied',
  'elif [ ! -e "$1" ]; then echo missing',
  'elif [ ! -S "$1" ]; then echo other',
  'elif [ ! -w "$1" ]; then echo denied',
  'else echo open; fi',
].join('\n')

/**
 * Why a socket of the host does not answer through the tunnel. sshd says no more than "open failed", so the host is
 * asked; this is done only when something is wrong.
 */
export async function explainTunnel(
  host: HostRunner,
  socketPath: string,
  label: string,
  around: { sshSaid: string; error: unknown; signal: AbortSignal },
): Promise<PvcheckError> {
  if (/administratively prohibited/.test(around.sshSaid)) {
    return engineUnreachable(
      label,
      'sshd forbids the tunnel (AllowStreamLocalForwarding, DisableForwarding)',
      around.error,
    )
  }
  try {
    const { stdout } = await host.run(['sh', '-c', script, 'pvcheck', socketPath], { signal: around.signal })
    const [user = '', state = ''] = stdout.trim().split('\n')
    if (state === 'denied') return noPermission(label, user, around.error)
    if (state === 'missing') return noDockerd(label, 'there is no such socket', around.error)
    if (state === 'other') return noDockerd(label, 'that is not a socket', around.error)
    if (state === 'open') return noDockerd(label, 'nobody listens at the socket', around.error)
  } catch (error) {
    if (error instanceof PvcheckError && error.code === 'REACH_SSH_LOST') return error
  }
  return engineUnreachable(label, `the tunnel to it is closed at once${excerptOf(around.sshSaid)}`, around.error)
}
