import { constants } from 'node:fs'
import { chmod, type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PvcheckError } from '../../core/errors.ts'
import { createFile, syncFolder, systemCode } from '../../core/file.ts'
import { createWriter } from '../../record/evidence/writer.ts'
import { type CreatedKind, intentLine, intentsPath } from './intent-line.ts'
import { fileExists, intentProblem, misuse } from './intent-trouble.ts'
import { type ProcessId, processIdOf } from './process-id.ts'
import { readIntents } from './read-intents.ts'

/**
 * What a run is about to create, has created and has removed: each promise resolves when its line is on disk. Rejects
 * with `INTENTS_DISK_FULL` or `INTENTS_UNWRITABLE`, and from then on always.
 */
export interface Intents extends AsyncDisposable {
  readonly run: string
  readonly path: string
  /** Before the create; when this rejects, nothing may be created. */
  intend(kind: CreatedKind, name: string): Promise<void>
  created(kind: CreatedKind, name: string, id: string): Promise<void>
  /** When it is certain that it is not there: removed, or never created. */
  gone(kind: CreatedKind, name: string): Promise<void>
  /** Several of these at once, in this order and with one sync; none of them where it rejects. */
  note(deeds: readonly Deed[]): Promise<void>
  /** When a process that cleans up after the run is there. */
  janitor(process: ProcessId): Promise<void>
}

/** One line about one object. */
export type Deed =
  | { readonly line: 'intend' | 'gone'; readonly kind: CreatedKind; readonly name: string }
  | { readonly line: 'created'; readonly kind: CreatedKind; readonly name: string; readonly id: string }

export interface RunHeader {
  readonly run: string
  readonly owner: string
  /** The id of the Swarm that is acted on. */
  readonly cluster: string
}

/**
 * Begins `<stateDir>/runs/<run>.jsonl`, for its owner alone, and says in it that this process is the run. Throws
 * `INTENTS_EXIST` where there is one already.
 */
export async function createIntents(stateDir: string, { run, owner, cluster }: RunHeader): Promise<Intents> {
  const path = intentsPath(stateDir, run)
  const dir = dirname(path)
  try {
    const made = await mkdir(dir, { recursive: true, mode: 0o700 })
    // The umask may have taken from the mode, or the folder be older.
    await chmod(dir, 0o700)
    const handle = await claim(path)
    return await orEnd(handle, async () => {
      await syncDown(made === undefined ? dir : dirname(made), dir)
      const intents = writeTo(handle, { run, path })
      const process = await processIdOf()
      await intents.begin({ run, owner, cluster, ...(process === undefined ? {} : { process }) })
      return intents
    })
  } catch (error) {
    throw error instanceof PvcheckError ? error : intentProblem(path, error)
  }
}

/**
 * Goes on with the file of a run that ended in the middle. Only for whoever holds the Swarm's lock: then the run itself
 * is over. What is torn at the end is cut off, for the next line would be lost behind it.
 */
export async function resumeIntents(stateDir: string, run: string): Promise<Intents> {
  const { path, header, soundBytes, isTorn } = await readIntents(stateDir, run)
  if (header === undefined)
    throw misuse(`${path} has not begun: nothing was created, and there is nothing to go on with`)
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW)
    return await orEnd(handle, async () => {
      // Not for good measure: two who sweep at once may resume it together, and a line of the other one would be lost.
      if (isTorn) {
        await handle.truncate(soundBytes)
        await handle.sync()
      }
      return writeTo(handle, { run, path })
    })
  } catch (error) {
    throw intentProblem(path, error)
  }
}

async function claim(path: string): Promise<FileHandle> {
  try {
    return await createFile(path, 0o600)
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? fileExists(path, error) : error
  }
}

async function orEnd<T>(handle: FileHandle, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin()
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Each new name on the way from `top` down to `dir` lies in the folder above it. */
async function syncDown(top: string, dir: string): Promise<void> {
  for (let folder = dir; ; folder = dirname(folder)) {
    await syncFolder(folder)
    if (folder === top) return
  }
}

function writeTo(handle: FileHandle, { run, path }: { run: string; path: string }) {
  const writer = createWriter(handle, path, intentProblem)
  let closing: Promise<void> | undefined
  const write = (line: string): Promise<void> => {
    return closing === undefined ? writer.write(line) : Promise.reject(misuse(`a line came after the end of ${path}`))
  }
  return {
    run,
    path,
    begin: (header: RunHeader & { readonly process?: ProcessId }) => write(intentLine({ line: 'run', ...header })),
    intend: (kind: CreatedKind, name: string) => write(intentLine({ line: 'intend', kind, name })),
    created: (kind: CreatedKind, name: string, id: string) => write(intentLine({ line: 'created', kind, name, id })),
    gone: (kind: CreatedKind, name: string) => write(intentLine({ line: 'gone', kind, name })),
    note: async (deeds: readonly Deed[]) => {
      if (deeds.length > 0) await write(deeds.map((deed) => intentLine(deed)).join('\n'))
    },
    janitor: (process: ProcessId) => write(intentLine({ line: 'janitor', process })),
    [Symbol.asyncDispose]: () => {
      closing ??= writer.close()
      return closing
    },
  }
}
