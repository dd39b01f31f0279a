import { PvcheckError } from '../../core/errors.ts'
import { excerptOf } from '../excerpt.ts'
import { runCommand, type Way } from '../host/command.ts'
import { encloseLine } from '../host/envelope.ts'
import type { HostRunner } from '../host/runner.ts'
import { isMasterAlive, lostConnection } from './lost.ts'
import { clientArgs } from './options.ts'
import { createSlots } from './slots.ts'

/** sshd allows ten sessions on a connection by default (`MaxSessions`), and two processes share ours. */
const sessionsAtOnce = 4

export interface RemoteWay {
  readonly controlPath: string
  readonly destination: string
  readonly timeoutMs: number
  readonly dockerHost?: string | undefined
  readonly signal?: AbortSignal
}

/** Runs commands on the host over an ssh master. */
export function createRemoteRunner({ controlPath, destination, timeoutMs, dockerHost, signal }: RemoteWay): HostRunner {
  const slots = createSlots(sessionsAtOnce)
  const way: Way = {
    timeoutMs,
    dockerHost,
    ...(signal === undefined ? {} : { signal }),
    start: (argv, envelope) => ['ssh', ...clientArgs(controlPath), '-T', '--', 'master', encloseLine(argv, envelope)],
    broken: async (what, stderr) => {
      throw (await isMasterAlive(controlPath))
        ? noSession(what, destination, stderr)
        : lostConnection(destination, stderr)
    },
  }
  return { run: (argv, options = {}) => slots.take(() => runCommand(way, argv, options)) }
}

function noSession(what: string, destination: string, stderr: string): PvcheckError {
  return new PvcheckError({
    code: 'REACH_COMMAND_CUT_SHORT',
    seen: `\`${what}\` on ${destination} did not run to its end, though the ssh connection is up${excerptOf(stderr)}`,
    wanted: 'a session that sshd grants, and a command that runs to its end',
    remedy:
      'See what sshd on the host logs about it (MaxSessions, ForceCommand), and whether something ends processes there.',
    exit: 'unknown',
  })
}
