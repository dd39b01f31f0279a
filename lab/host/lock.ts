import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PvcheckError } from '../../harness/core/errors.ts'

export interface LockOptions {
  readonly signal?: AbortSignal | undefined
  /** Called once when somebody else holds the lock. */
  readonly waiting?: () => void
}

/**
 * Runs `work` while holding flock(2) on a file. A child holds the lock and ends when its input closes, so the lock
 * goes with this process however it ends: there are no stale locks to break.
 * Throws LAB_LOCK_FAILED, or the signal's reason while it waits.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  options.signal?.throwIfAborted()
  await mkdir(dirname(file), { recursive: true })
  // Detached: a Ctrl-C to the group must not drop the lock while this process still cleans up.
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const gone = new Promise<void>((resolve) => {
    holder.once('exit', () => resolve())
    holder.once('error', () => resolve())
  })
  try {
    await acquired(holder, file, options)
    return await work()
  } finally {
    holder.stdin.destroy()
    await gone
  }
}

async function acquired(holder: ChildProcess, file: string, options: LockOptions): Promise<void> {
  const patience = setTimeout(() => options.waiting?.(), 300)
  const abandon = () => holder.kill('SIGKILL')
  options.signal?.addEventListener('abort', abandon)
  try {
    const ended = once(holder, 'exit').then(() => Promise.reject(new Error('flock ended without the lock')))
    await Promise.race([once(holder.stdout ?? holder, 'data'), ended])
  } catch (error) {
    options.signal?.throwIfAborted()
    throw new PvcheckError({
      code: 'LAB_LOCK_FAILED',
      seen: `flock on ${file} ended before it held the lock`,
      wanted: 'the lock',
      remedy: 'Look whether the file can be written, and whether "flock" (package util-linux) is there.',
      exit: 'blocked',
      cause: error,
    })
  } finally {
    clearTimeout(patience)
    options.signal?.removeEventListener('abort', abandon)
  }
  options.signal?.throwIfAborted()
}
