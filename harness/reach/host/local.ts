import { PvcheckError } from '../../core/errors.ts'
import { excerptOf } from '../excerpt.ts'
import { runCommand, type Way } from './command.ts'
import { enclose } from './envelope.ts'
import type { HostRunner } from './runner.ts'

/** Runs commands on this machine. */
export function createLocalRunner({
  timeoutMs,
  dockerHost,
}: {
  timeoutMs: number
  dockerHost?: string | undefined
}): HostRunner {
  const way: Way = {
    timeoutMs,
    dockerHost,
    start: enclose,
    broken: (what, stderr) => Promise.reject(cutShort(what, stderr)),
  }
  return { run: (argv, options = {}) => runCommand(way, argv, options) }
}

function cutShort(what: string, stderr: string): PvcheckError {
  return new PvcheckError({
    code: 'REACH_COMMAND_CUT_SHORT',
    seen: `\`${what}\` was ended from outside before it could say how it went${excerptOf(stderr)}`,
    wanted: 'a command that runs to its end',
    remedy: 'See who ends processes here (out of memory?), then run again.',
    exit: 'unknown',
  })
}
