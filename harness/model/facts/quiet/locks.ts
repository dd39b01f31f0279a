import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { rawCommandSchema, saidBy } from '../raw-command.ts'

/** A lock that a process holds by one of its open files. */
export interface HeldLock {
  readonly pid: number
  readonly program: string
  /** `device:inode` as stat says, empty where the file was closed in the meantime. */
  readonly at: string
  /** As the kernel names the file: `00:f0:16262302`. On overlay and btrfs its device is not the one that stat says. */
  readonly kernelName: string
}

export interface LockFile {
  readonly path: string
  /** `device:inode` as stat says. */
  readonly at?: string
  readonly isMissing: boolean
  /** Why it could not be looked at. */
  readonly why?: string
}

/** Locks of files; leases, which the kernel lists beside them, keep nobody out. */
const isLock = (text: string): boolean => /\b(FLOCK|POSIX|OFDLCK)\b/.test(text)
const kernelNameIn = (text: string): string => / ([0-9a-f]+:[0-9a-f]+:\d+) /.exec(text)?.[1] ?? ''

const schema = z
  .object({ files: z.array(z.string()), answer: rawCommandSchema })
  .transform(({ files: paths, answer }) => {
    const { exitCode, stdout, stderr, truncated } = answer
    if (exitCode !== 0 || truncated) return { state: 'unread' as const, why: saidBy(answer) }
    const lines = stdout.split('\n')
    const held = lines.flatMap(readHeld)
    // dockerd keeps some of its own files locked: who does not see that has not looked where it runs.
    if (!held.some(({ program }) => program.includes('dockerd'))) {
      return { state: 'unread' as const, why: 'not even the locks of dockerd itself were seen' }
    }
    const files = paths.map((path, index) => readFile(lines, path, index))
    const listed = lines.filter((line) => line.startsWith('listed ') && isLock(line) && !line.includes('->'))
    return {
      state: 'read' as const,
      files,
      held,
      /** What the kernel's own list names; it leaves out what a process of another, ended one inherited. */
      listed: listed.map(kernelNameIn),
      /** Whether the open files of every process could be looked at. */
      sawAll: lines.includes('user 0') && !/Permission denied|not permitted/.test(stderr),
    }
  })
export type QuietLocks = z.infer<typeof schema>

function readHeld(line: string): readonly HeldLock[] {
  const [, pid, at = '', program = '', text = ''] = /^held (\d+) ([\d:]*) (.*?)\tlock:(.*)$/.exec(line) ?? []
  if (pid === undefined || !isLock(text)) return []
  return [{ pid: Number(pid), program, at, kernelName: kernelNameIn(text) }]
}

function readFile(lines: readonly string[], path: string, index: number): LockFile {
  const found = lines.find((line) => line.startsWith(`file ${index} `))?.slice(`file ${index} `.length)
  if (found !== undefined && /^\d+:\d+$/.test(found)) return { path, at: found, isMissing: false }
  if (found !== undefined && /: (No such file or directory|Not a directory)$/.test(found)) {
    return { path, isMissing: true }
  }
  return { path, isMissing: false, why: found ?? 'nothing was said of it' }
}

export const quietLocks: Fact<QuietLocks> = {
  name: 'quiet-locks',
  what: 'who holds a lock on which file of the manager',
  schema,
}
