import { randomBytes } from 'node:crypto'
import { execa } from 'execa'
import { PvcheckError } from '../../core/errors.ts'
import { killGroup } from '../process.ts'
import { collect } from './collect.ts'
import { type Envelope, unseal } from './envelope.ts'
import { quoteCommand } from './quote.ts'
import type { CommandAnswer, RunOptions } from './runner.ts'

const defaultMaxBytes = 32 * 1024 * 1024
/** How long the leash on the host is longer than the wait here, so that the wait here decides. */
const leashGraceMs = 1000

/** How to start an enclosed command, and what it means when it ended without its mark. */
export interface Way {
  readonly start: (argv: readonly string[], envelope: Envelope) => readonly [string, ...string[]]
  /** What the docker CLI talks to there, where that is known. */
  readonly dockerHost?: string | undefined
  /** Throws what has happened. */
  readonly broken: (what: string, stderr: string) => Promise<never>
  /** Aborts when the way itself is gone. */
  readonly signal?: AbortSignal
  readonly timeoutMs: number
}

/** Runs one command to its end, within its deadline and bounds. Throws `REACH_COMMAND_TIMEOUT`, or a signal's reason. */
export async function runCommand(way: Way, argv: readonly string[], options: RunOptions): Promise<CommandAnswer> {
  const timeoutMs = options.timeoutMs ?? way.timeoutMs
  const maxBytes = options.maxBytes ?? defaultMaxBytes
  const what = quoteCommand(argv)
  const deadline = AbortSignal.timeout(timeoutMs)
  const signals = [deadline, options.signal, way.signal].filter((signal) => signal !== undefined)
  for (const signal of signals) signal.throwIfAborted()
  const signal = AbortSignal.any(signals)
  const mark = `pvcheck-${randomBytes(8).toString('hex')}`
  const [file, ...args] = way.start(argv, { mark, leashMs: timeoutMs + leashGraceMs, dockerHost: way.dockerHost })
  const startedAt = new Date()
  const started = performance.now()
  // A group of its own: a Ctrl-C at the terminal is for pvcheck to handle, and the whole group can be ended at once.
  const child = execa(file, args, {
    buffer: false,
    detached: true,
    encoding: 'buffer',
    reject: false,
    env: { LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
    ...(options.stdin === undefined ? { stdin: 'ignore' } : { input: options.stdin }),
  })
  const stdout = collect(child.stdout, maxBytes)
  const stderr = collect(child.stderr, maxBytes)
  // ssh hands its pipes to the master, which holds them for as long as the command runs there: nobody waits for that.
  const stop = () => {
    killGroup(child.pid, 'SIGKILL')
    child.stdout.destroy()
    child.stderr.destroy()
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  await child.finally(() => signal.removeEventListener('abort', stop))
  const durationMs = Math.round(performance.now() - started)
  const end = unseal(stderr.tail(), mark)
  if (end !== undefined) {
    return {
      what,
      startedAt: startedAt.toISOString(),
      durationMs,
      exitCode: end.exitCode,
      stdout: stdout.text(),
      stderr: unseal(stderr.text(), mark)?.stderr ?? stderr.text(),
      truncated: stdout.truncated() || stderr.truncated(),
    }
  }
  options.signal?.throwIfAborted()
  way.signal?.throwIfAborted()
  if (deadline.aborted) throw timedOut(what, timeoutMs)
  return way.broken(what, stderr.tail())
}

function timedOut(what: string, timeoutMs: number): PvcheckError {
  return new PvcheckError({
    code: 'REACH_COMMAND_TIMEOUT',
    seen: `\`${what}\` had not ended after ${timeoutMs} ms, and was ended`,
    wanted: 'an answer within the deadline',
    remedy: 'Run the command on the host by hand and see what it waits for; `target.timeoutSeconds` allows more time.',
    exit: 'unknown',
  })
}
