import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Detached {
  readonly pid: number
  /** Resolves with what it ended by, for as long as this process is there to see it. */
  readonly ended: Promise<string>
}

/**
 * Starts a Node program that outlives this process, whatever ends it: in a session of its own, in `/`, with nothing of
 * ours open but the log. `input` comes to its stdin. Rejects when it could not be started.
 */
export async function startDetached(
  script: string,
  { input, logFd }: { readonly input: string; readonly logFd: number },
): Promise<Detached> {
  const child = spawn(process.execPath, [script], { detached: true, cwd: '/', stdio: ['pipe', logFd, logFd] })
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  await once(child, 'spawn')
  // It may end before it has read all; then it says why in its log.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  child.unref()
  if (child.pid === undefined) throw new Error(`${script} was started without a process`)
  return { pid: child.pid, ended }
}
