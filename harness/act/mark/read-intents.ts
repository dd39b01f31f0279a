import { readdir, readFile, rm } from 'node:fs/promises'
import { syncFolder, systemCode } from '../../core/file.ts'
import { lockName } from '../../model/mark.ts'
import { isRunId } from '../../record/evidence/run-id.ts'
import {
  type CreatedKind,
  type IntentLine,
  intentLineSchema,
  intentSuffix,
  intentsPath,
  janitorLogPath,
  runsDir,
} from './intent-line.ts'
import { damagedAt, stillOpen, unreadable } from './intent-trouble.ts'
import { type Fate, fateOf, type ProcessId } from './process-id.ts'

/** Something that may be on the host; it has an id where its create is known to have succeeded. */
export interface OpenIntent {
  readonly kind: CreatedKind
  readonly name: string
  readonly id?: string
}

export interface ReadIntents {
  readonly run: string
  readonly path: string
  /** Absent where the run ended before its first line was whole: then it has created nothing. */
  readonly header: Extract<IntentLine, { line: 'run' }> | undefined
  /** The process that cleans up after the run; absent where none said that it was there. */
  readonly janitor: ProcessId | undefined
  /** All that it ever intended but for the lock, gone or not, in the order of the intents. */
  readonly deeds: readonly OpenIntent[]
  /** In the order of their intents. */
  readonly open: readonly OpenIntent[]
  /** How much of the file is whole lines; what is behind was never promised to anybody. */
  readonly soundBytes: number
  /** Whether there is anything behind it. */
  readonly isTorn: boolean
}

/** The runs with a file, from oldest to newest. */
export async function listRuns(stateDir: string): Promise<readonly string[]> {
  const dir = runsDir(stateDir)
  const names = await readdir(dir).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return []
    throw unreadable(dir, error)
  })
  return names
    .filter((name) => name.endsWith(intentSuffix))
    .map((name) => name.slice(0, -intentSuffix.length))
    .filter(isRunId)
    .sort()
}

/**
 * What a run may have left. Its last line may be torn: nobody was told that it is on disk. Throws `INTENTS_DAMAGED` for
 * all other damage, and `INTENTS_UNREADABLE`.
 */
export async function readIntents(stateDir: string, run: string): Promise<ReadIntents> {
  const path = intentsPath(stateDir, run)
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  const soundBytes = bytes.lastIndexOf('\n') + 1
  const lines = soundBytes === 0 ? [] : bytes.toString('utf8', 0, soundBytes - 1).split('\n')
  const [first, ...rest] = lines.map((line, index) => decode(line, { path, lineNumber: index + 1 }))
  if (first !== undefined && (first.line !== 'run' || first.run !== run)) {
    throw damagedAt(path, 1, 'it does not begin with its own run')
  }
  const open = new Map<string, OpenIntent>()
  const deeds = new Map<string, OpenIntent>()
  let janitor: ProcessId | undefined
  rest.forEach((line, index) => {
    if (line.line === 'run') throw damagedAt(path, index + 2, 'a run begins in the middle of another')
    if (line.line === 'janitor') {
      janitor = line.process
      return
    }
    follow(open, line)
    if (line.line !== 'gone' && line.name !== lockName) follow(deeds, line)
  })
  const isTorn = soundBytes < bytes.length
  return { run, path, header: first, janitor, deeds: [...deeds.values()], open: [...open.values()], soundBytes, isTorn }
}

function decode(line: string, { path, lineNumber }: { path: string; lineNumber: number }): IntentLine {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw damagedAt(path, lineNumber, 'it is not JSON')
  }
  const parsed = intentLineSchema.safeParse(value)
  if (!parsed.success) throw damagedAt(path, lineNumber, 'it is no intent')
  return parsed.data
}

type ObjectLine = Extract<IntentLine, { readonly kind: CreatedKind }>

function follow(open: Map<string, OpenIntent>, line: ObjectLine): void {
  const { kind, name } = line
  const key = `${kind} ${name}`
  if (line.line === 'gone') open.delete(key)
  else open.set(key, { kind, name, ...(line.line === 'created' ? { id: line.id } : {}) })
}

/**
 * What has become of the processes of a run. `gone`: neither its main process nor its janitor is left on this machine, so
 * that nobody acts for it any more; `alive`: one of them is.
 */
export async function isRunnerGone({ header, janitor }: Pick<ReadIntents, 'header' | 'janitor'>): Promise<Fate> {
  const fates = [await fateOf(header?.process), ...(janitor === undefined ? [] : [await fateOf(janitor)])]
  if (fates.includes('alive')) return 'alive'
  return fates.every((fate) => fate === 'gone') ? 'gone' : 'elsewhere'
}

/** Removes the file of a run that left nothing, and its janitor's log. Throws `INTENTS_OPEN` where that is not certain. */
export async function forgetRun(stateDir: string, run: string): Promise<void> {
  const { path, open } = await readIntents(stateDir, run)
  if (open.length > 0) {
    throw stillOpen(
      path,
      open.map(({ kind, name }) => `${kind} ${name}`),
    )
  }
  try {
    // A janitor that was killed has left it.
    await rm(janitorLogPath(stateDir, run), { force: true })
    await rm(path)
    await syncFolder(runsDir(stateDir))
  } catch (error) {
    throw unreadable(path, error)
  }
}
