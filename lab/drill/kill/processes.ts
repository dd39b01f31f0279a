import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { endProcesses } from '../../host/end-processes.ts'
import { killProcess, markProcess, processIds } from '../../host/process.ts'

/** Handed down to all that a command starts, through sessions and groups. */
export const trail = 'PVCHECK_DRILL_TRAIL'

export interface Found {
  readonly pid: number
  readonly parent: number
  readonly words: string
  /** As in `/proc/<pid>/stat`: `T` where it is stopped. */
  readonly state: string
}

/** All living processes that a command has started, or all commands of a desk, by the variable in their environment. */
export async function processesOf(mark: string): Promise<Found[]> {
  const found = await Promise.all(
    (await processIds()).map(async (pid) => {
      const environment = await readOf(pid, 'environ')
      const found = environment
        .split('\0')
        .find((entry) => entry.startsWith(`${trail}=`))
        ?.slice(trail.length + 1)
      if (found !== mark && !found?.startsWith(`${mark}.`)) return []
      // A zombie holds nothing, and cannot be killed.
      if ((await markProcess(pid)) === undefined) return []
      const status = await readOf(pid, 'status')
      const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0)
      const state = /^State:\s*(\w)/m.exec(status)?.[1] ?? ''
      return [{ pid, parent, state, words: (await readOf(pid, 'cmdline')).replaceAll('\0', ' ').trim() }]
    }),
  )
  return found.flat()
}

/** What a process is to the run; the command itself is known by its id. */
export function roleOf({ words }: Pick<Found, 'words'>): 'worker' | 'janitor' | 'tunnel' | 'other' {
  if (/(^|\/)ssh |^sh -c .*pvcheck.*ssh/s.test(words)) return 'tunnel'
  if (/worker-guard/.test(words)) return 'worker'
  if (/janitor\/main\.js$/.test(words)) return 'janitor'
  return 'other'
}

/** Sends a signal to each; one that is gone already needs none. */
export function signalAll(found: readonly Found[], signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
  for (const { pid } of found) {
    if (signal === 'SIGKILL') killProcess(pid)
    else {
      try {
        process.kill(pid, signal)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
      }
    }
  }
}

async function readOf(pid: number, name: string): Promise<string> {
  // It may have ended since it was listed.
  return await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
}

/** Ends every process with that mark that is still there. */
export async function endTrail(mark: string): Promise<void> {
  await endProcesses(async () => (await processesOf(mark)).map(({ pid }) => pid), 'what was started')
}

/** A mark for a desk; those of its commands begin with it. */
export function newMark(): string {
  return randomBytes(8).toString('hex')
}

/** A mark for a command that is about to be started. */
export function markWithin(desk: string): string {
  return `${desk}.${newMark()}`
}
