import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { rawCommandSchema } from './raw-command.ts'

export interface JournalFile {
  readonly path: string
  /** Being written to now, or a moment ago: journald lets go of a file that nothing was written to for minutes. */
  readonly online: boolean
  /** Closed for good by a rotation. */
  readonly archived: boolean
  /** Under /run: gone with the next boot. */
  readonly volatile: boolean
  /** A user's own journal; dockerd's lines are never in it. */
  readonly ofUser: boolean
  /** Entries are numbered across all files of one series, without holes. */
  readonly series: string
  readonly headNumber: number
  readonly tailNumber: number
  /** Microseconds since 1970. */
  readonly headUs: number
  readonly tailUs: number
}

export interface JournalFiles {
  readonly files: readonly JournalFile[]
  /** What journalctl had to say against a file: unreadable, corrupt, no permission. */
  readonly complaints: readonly string[]
}

const schema = rawCommandSchema.transform((command, context): JournalFiles => {
  const complaints = command.stderr.split('\n').filter((line) => line.trim() !== '')
  if (command.truncated || (command.exitCode !== 0 && complaints.length === 0)) {
    const message = command.truncated ? 'the output was too long' : `exit code ${command.exitCode}`
    context.issues.push({ code: 'custom', input: command, message })
    return z.NEVER
  }
  const blocks = command.stdout.split(/^(?=File path: )/m).filter((block) => block.startsWith('File path: '))
  return { files: blocks.map(readFile).filter((file) => file !== undefined), complaints }
})

/** A file that holds no entry yet says nothing of a time, and is left out. */
function readFile(block: string): JournalFile | undefined {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
  const microseconds = (name: string): number => Number.parseInt(/\(([0-9a-f]+)\)$/.exec(field(name))?.[1] ?? '', 16)
  const path = field('File path')
  const headUs = microseconds('Head realtime timestamp')
  if (!(headUs > 0)) return undefined
  return {
    path,
    online: field('State') === 'ONLINE',
    archived: field('State') === 'ARCHIVED',
    volatile: path.startsWith('/run/'),
    ofUser: /\/user-[^/]*$/.test(path),
    series: field('Sequential number ID'),
    headNumber: Number.parseInt(field('Head sequential number'), 10),
    tailNumber: Number.parseInt(field('Tail sequential number'), 10),
    headUs,
    tailUs: microseconds('Tail realtime timestamp'),
  }
}

export const journalFiles: Fact<JournalFiles> = {
  name: 'journal-files',
  what: 'the files of the journal, and the oldest entry in each',
  schema,
}
