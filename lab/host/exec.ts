import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { leaderOf } from './leader.ts'
import { guestCommand } from './machine.ts'
import type { LabRecord } from './record.ts'

export interface PassOptions {
  /** By default the streams of this process, a terminal included. */
  readonly stdin?: Readable
  readonly stdout?: Writable
  readonly stderr?: Writable
  readonly signal?: AbortSignal
}

/** Runs a command on the host with its streams passed through; returns its exit code (128 + n when signal n ended it). */
export async function passThrough(
  record: LabRecord,
  argv: readonly string[],
  options: PassOptions = {},
): Promise<number> {
  // nsenter passes no signal on: the command ends when nsenter does.
  const bound = ['setpriv', '--pdeathsig', 'TERM', '--', ...argv]
  const [file = 'nsenter', ...args] = guestCommand(await leaderOf(record), bound)
  const child = spawn(file, args, {
    stdio: [
      options.stdin === undefined ? 'inherit' : 'pipe',
      options.stdout === undefined ? 'inherit' : 'pipe',
      options.stderr === undefined ? 'inherit' : 'pipe',
    ],
  })
  const kill = () => child.kill('SIGTERM')
  options.signal?.addEventListener('abort', kill)
  try {
    if (child.stdin !== null) {
      // A command may end without reading its input; its exit code tells.
      child.stdin.once('error', () => options.stdin?.unpipe())
      options.stdin?.pipe(child.stdin)
    }
    if (options.stdout !== undefined) child.stdout?.pipe(options.stdout, { end: false })
    if (options.stderr !== undefined) child.stderr?.pipe(options.stderr, { end: false })
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, name) => resolve(code ?? 128 + (name === null ? 0 : constants.signals[name])))
    })
    options.signal?.throwIfAborted()
    return exitCode
  } finally {
    options.signal?.removeEventListener('abort', kill)
  }
}
