import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { PvcheckError } from '../../harness/core/errors.ts'
import type { EngineName } from './engines.ts'
import { leaderOf } from './leader.ts'
import { killProcess } from './process.ts'
import { readRecord } from './record.ts'

/** A booted practice host. */
export interface LabMachine {
  readonly name: string
  /** Its folder: ssh_config, key, known_hosts, pvcheck.config.json, lab.json. */
  readonly dir: string
  /** The inside of its veth, reachable from the machine that hosts it. */
  readonly address: string
  /** Minted by the lab, so that sabotage can tell it from any other host. */
  readonly machineId: string
  /** `ssh -F <sshConfig> lab` is root on it, `lab-operator` a user who may not open the Docker socket. */
  readonly sshConfig: string
  readonly engine: EngineName
  readonly beforeFix: boolean
}

export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface ExecOptions {
  readonly stdin?: string | Uint8Array | Readable
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What a login of root would find; the caller's own environment stays outside. */
const guestEnvironment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'USER=root',
  'LANG=C.UTF-8',
]

/** The argv that runs `argv` as root inside the host: by its namespaces, so it works with sshd broken, too. */
export function guestCommand(leaderPid: number, argv: readonly string[]): string[] {
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd']
  return ['nsenter', `--target=${leaderPid}`, ...namespaces, '--', 'env', '-i', ...guestEnvironment, ...argv]
}

/**
 * Runs a command line in a shell on the host; never throws on a non-zero exit.
 * Throws LAB_NOT_RUNNING, LAB_EXEC_TIMED_OUT (after `timeoutMs`, 60 s by default) or the signal's reason.
 */
export async function execOn(machine: LabMachine, command: string, options: ExecOptions = {}): Promise<ExecResult> {
  options.signal?.throwIfAborted()
  const leader = await leaderOf(await readRecord(machine.dir))
  const [file = 'nsenter', ...args] = guestCommand(leader, ['/bin/sh', '-c', command])
  const timeoutMs = options.timeoutMs ?? 60_000
  const deadline = AbortSignal.timeout(timeoutMs)
  // A process group of its own: nsenter's child in the host would outlive a kill of nsenter alone.
  const child = spawn(file, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) killProcess(-child.pid)
  }
  deadline.addEventListener('abort', kill)
  options.signal?.addEventListener('abort', kill)
  try {
    const exited = new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 128))
    })
    const [stdout, stderr, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      exited,
      feed(child.stdin, options.stdin),
    ])
    options.signal?.throwIfAborted()
    if (deadline.aborted) throw timedOut(command, timeoutMs, stdout + stderr)
    return { exitCode, stdout, stderr }
  } finally {
    deadline.removeEventListener('abort', kill)
    options.signal?.removeEventListener('abort', kill)
  }
}

/** The same, but throws LAB_COMMAND_FAILED with the output on a non-zero exit; returns stdout. */
export async function runOn(machine: LabMachine, command: string, options: ExecOptions = {}): Promise<string> {
  const result = await execOn(machine, command, options)
  if (result.exitCode === 0) return result.stdout
  throw new PvcheckError({
    code: 'LAB_COMMAND_FAILED',
    seen: `on ${machine.name}, "${excerpt(command)}" exited ${result.exitCode}: ${excerpt(result.stderr + result.stdout)}`,
    wanted: 'exit 0',
    remedy: `Run it again with "pvcheck lab exec ${machine.name} -- sh -c ...", and look at the journal there.`,
  })
}

/** A command that ends without reading all of its input is no error of ours: its exit code tells. */
async function feed(sink: NodeJS.WritableStream, input: ExecOptions['stdin']): Promise<void> {
  const source = input instanceof Readable ? input : Readable.from(input === undefined ? [] : [input])
  await pipeline(source, sink).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error
  })
}

function timedOut(command: string, timeoutMs: number, output: string): PvcheckError {
  return new PvcheckError({
    code: 'LAB_EXEC_TIMED_OUT',
    seen: `"${excerpt(command)}" was still running after ${timeoutMs} ms; its output so far: ${excerpt(output)}`,
    wanted: 'an end before the deadline',
    remedy: 'Look at what it waits for; allow more time if it was still moving.',
    exit: 'unknown',
  })
}

/** The last 2000 characters: the end of an output says why. */
function excerpt(output: string): string {
  const trimmed = output.trim()
  return trimmed.length > 2000 ? `...${trimmed.slice(-2000)}` : trimmed
}
