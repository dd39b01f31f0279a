import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { joinErrors } from '../../core/errors.ts'
import { pollUntil } from '../../core/poll.ts'
import { killGroup } from '../process.ts'
import { forwardSocket } from './forward.ts'
import { keeperScript } from './keeper.ts'
import { lostConnection } from './lost.ts'
import { destinationArgs, masterOptions, type SshDestination } from './options.ts'
import { makeRuntimeDir } from './runtime-dir.ts'
import { connectTimedOut, explainSsh } from './trouble.ts'

/** One ssh connection, over which everything goes. */
export interface SshMaster {
  readonly controlPath: string
  readonly destination: string
  /** Aborts with `REACH_SSH_LOST` when the connection ends by itself. */
  readonly signal: AbortSignal
  /** What ssh has said so far; host text. */
  readonly stderr: () => string
  /** Makes a socket of the host reachable here, and returns its path. */
  forward(socketPath: string, signal: AbortSignal): Promise<string>
  /** Ends the connection and waits until nothing of it is left. */
  close(): Promise<void>
}

const closeGraceMs = 2000
const stderrBytes = 16 * 1024

/** Opens the connection and waits until it is authenticated. Throws a `PvcheckError` that names why it is not. */
export async function openMaster(
  to: SshDestination,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<SshMaster> {
  options.signal.throwIfAborted()
  const dir = await makeRuntimeDir()
  const controlPath = join(dir, 'ctl')
  const ssh = [
    'ssh',
    '-N',
    ...masterOptions({ controlPath, connectTimeoutMs: options.timeoutMs }),
    ...destinationArgs(to),
  ]
  // A session of its own: no terminal to ask at, and a Ctrl-C does not take the tunnel away from the clean-up.
  const child = execa('sh', ['-c', keeperScript, 'pvcheck', dir, ...ssh], {
    buffer: false,
    detached: true,
    encoding: 'buffer',
    reject: false,
    stdin: 'pipe',
    stdout: 'ignore',
    env: { LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-stderrBytes)
  })
  const state = { ended: false, closing: false }
  const lost = new AbortController()
  const ended = child.then(async () => {
    state.ended = true
    // The shell may have been killed without the ssh it keeps.
    killGroup(child.pid, 'SIGKILL')
    if (!state.closing) lost.abort(lostConnection(to.destination, stderr))
    await rm(dir, { recursive: true, force: true })
  })
  // Whoever closes hears of it; until then nobody waits.
  ended.catch(() => undefined)
  const close = async () => {
    state.closing = true
    child.stdin.end()
    const giveUp = setTimeout(() => killGroup(child.pid, 'SIGKILL'), closeGraceMs)
    await ended.finally(() => clearTimeout(giveUp))
  }
  try {
    await pollUntil(
      async () =>
        state.ended || existsSync(controlPath)
          ? { done: true, value: undefined }
          : { done: false, state: 'not authenticated yet' },
      {
        what: `the ssh connection to ${to.destination}`,
        timeoutMs: options.timeoutMs,
        intervalMs: 10,
        signal: options.signal,
      },
    )
    if (state.ended) throw explainSsh(to, stderr)
  } catch (error) {
    const failures: unknown[] = []
    await close().catch((failure: unknown) => failures.push(failure))
    // Only now has ssh said its last word.
    const cause = isTimeout(error) ? connectTimedOut(to, options.timeoutMs, stderr) : error
    throw joinErrors(options.signal.aborted ? options.signal.reason : cause, failures)
  }
  return {
    controlPath,
    destination: to.destination,
    signal: lost.signal,
    stderr: () => stderr,
    forward: (socketPath, signal) =>
      forwardSocket({
        controlPath,
        from: socketPath,
        to: join(dir, 'engine.sock'),
        timeoutMs: options.timeoutMs,
        signal,
      }),
    close,
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'WAIT_TIMED_OUT'
}
