import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../host/asset.ts'
import { markWithin, newMark, trail } from './processes.ts'

export interface Ended {
  /** 128 + n where signal n ended it. */
  readonly code: number
  readonly output: string
}

/** A `pvcheck` that was started, in a process group of its own. */
export interface StartedCommand {
  readonly pid: number
  /** By which all that it starts is found. */
  readonly mark: string
  readonly ended: Promise<Ended>
  /** Undefined while it runs. */
  exitCode(): number | undefined
  output(): string
}

/** Where a command keeps its state and writes its reports: every case has its own. */
export interface Desk {
  /** By which all that is started at it is found. */
  readonly mark: string
  readonly stateHome: string
  /** The folder of `pvcheck` in it. */
  readonly stateDir: string
  readonly reports: string
  /** For its sockets, so a short path. */
  readonly temporary: string
  readonly config: string
}

/** Makes the folders of a case. */
export async function layDesk(dir: string, config: string): Promise<Desk> {
  const stateHome = join(dir, 'state')
  const reports = join(dir, 'reports')
  await mkdir(stateHome, { recursive: true })
  await mkdir(reports, { recursive: true })
  const temporary = join(dir, 'tmp')
  await mkdir(temporary, { recursive: true })
  return { mark: newMark(), temporary, stateHome, stateDir: join(stateHome, 'pvcheck'), reports, config }
}

/** Starts the real command, with the state folder of the case. */
export function startPvcheck(args: readonly string[], desk: Desk): StartedCommand {
  const mark = markWithin(desk.mark)
  const { VITEST: _, NODE_OPTIONS: __, VITEST_POOL_ID: ___, VITEST_WORKER_ID: ____, ...inherited } = process.env
  const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'pvcheck.js'), ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, XDG_STATE_HOME: desk.stateHome, TMPDIR: desk.temporary, [trail]: mark },
  })
  let output = ''
  const hear = (chunk: unknown): void => {
    output += String(chunk)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return {
    pid: child.pid ?? 0,
    mark,
    ended: endOf(child, () => output),
    exitCode: () => codeOf(child),
    output: () => output,
  }
}

/** `pvcheck verify`, which acts. */
export function startVerify(desk: Desk): StartedCommand {
  return startPvcheck(['verify', '--config', desk.config, '--reports', desk.reports], desk)
}

function codeOf({ exitCode, signalCode }: ChildProcess): number | undefined {
  return exitCode ?? (signalCode === null ? undefined : 128 + constants.signals[signalCode])
}

function endOf(child: ChildProcess, output: () => string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    // Not `close`: a janitor may hold the streams for as long as it lives.
    child.once('exit', () => resolve({ code: codeOf(child) ?? 128, output: output() }))
  })
}
