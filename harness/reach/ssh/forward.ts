import { execa } from 'execa'
import { PvcheckError } from '../../core/errors.ts'
import { excerptOf } from '../excerpt.ts'
import { clientArgs } from './options.ts'

export interface Forwarding {
  readonly controlPath: string
  /** The socket on the host. */
  readonly from: string
  /** The socket here. */
  readonly to: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Asks the master for a tunnel, and returns where it ends here. It is asked for afterwards, not at the connect,
 * because there `ClearAllForwardings`, which keeps the user's own forwardings out, would clear it, too.
 */
export async function forwardSocket({ controlPath, from, to, timeoutMs, signal }: Forwarding): Promise<string> {
  const args = [...clientArgs(controlPath), '-O', 'forward', '-L', `${to}:${from}`, '--', 'master']
  const result = await execa('ssh', args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    cancelSignal: signal,
    env: { LC_ALL: 'C' },
  })
  signal.throwIfAborted()
  if (result.exitCode === 0) return to
  throw new PvcheckError({
    code: 'REACH_SSH_NO_TUNNEL',
    seen: `ssh could not set up the tunnel to ${from}${excerptOf(result.stderr)}`,
    wanted: "a tunnel to the engine's socket over the ssh connection",
    remedy: 'Check the path of the socket in `target.engine`.',
    exit: 'blocked',
  })
}
