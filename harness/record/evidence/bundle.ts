import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, PvcheckError } from '../../core/errors.ts'
import { createFile, replaceFile, syncFolder, systemCode } from '../../core/file.ts'
import { createRedactor, type Redact } from '../../core/redact.ts'
import { bodySchema, type EvidenceRecord, type RecordBody, type Recorder } from '../../model/record.ts'
import { existsProblem, folderProblem, writeProblem } from './disk.ts'
import { noHash, sealLine } from './line.ts'
import { evidenceDir, recordsPath, sealPath } from './paths.ts'
import { redactBody } from './redact-body.ts'
import { isRunId } from './run-id.ts'
import { createSealer } from './seal.ts'
import { createWriter } from './writer.ts'

/** The evidence of one run, while it is being written. */
export interface Bundle extends Recorder, AsyncDisposable {
  readonly dir: string
  readonly runId: string
  /** The hash of the last record handed in. */
  head(): string
  /** Waits for what is under way and closes the file; seals the bundle if its run has come to its `end`. Harmless twice. */
  close(): Promise<void>
}

export interface BundleOptions {
  /** Applied to every record on its way to disk; by default what pvcheck recognises as a secret by itself. */
  readonly redact?: Redact
  readonly now?: () => Date
}

/**
 * Creates `<reportsDir>/evidence/<runId>/`, readable for its owner alone. Throws `EVIDENCE_EXISTS` or
 * `EVIDENCE_FOLDER_UNWRITABLE`; `append` rejects with `EVIDENCE_DISK_FULL` or `EVIDENCE_UNWRITABLE`, and then for good.
 */
export async function createBundle(reportsDir: string, runId: string, options: BundleOptions = {}): Promise<Bundle> {
  const { redact = createRedactor([]), now = () => new Date() } = options
  if (!isRunId(runId)) throw misuse(`"${runId}" is not a run id`)
  const dir = join(evidenceDir(reportsDir), runId)
  const writer = await openWriter(reportsDir, dir)
  const sealer = createSealer()
  let last = { seq: 0, hash: noHash }
  let closing: Promise<void> | undefined
  let ended = false

  async function append(given: RecordBody): Promise<number> {
    if (ended || closing !== undefined) throw misuse(`a ${given.kind} record came after the end of the run`)
    const body = bodySchema.safeParse(redactBody(given, redact))
    if (!body.success) throw misuse(`a record has the wrong shape: ${body.error.message}`, body.error)
    const unsealed = { seq: last.seq + 1, at: now().toISOString(), run: runId, body: body.data, prev: last.hash }
    const { line, hash } = serialised(unsealed)
    last = { seq: unsealed.seq, hash }
    ended = body.data.kind === 'end'
    await writer.write(line)
    sealer.see({ ...unsealed, hash })
    return unsealed.seq
  }

  async function finish(): Promise<void> {
    await writer.close()
    const seal = sealer.seal()
    if (seal === undefined) return
    const path = sealPath(dir)
    try {
      await replaceFile(path, `${JSON.stringify(seal, null, 2)}\n`, 0o600)
    } catch (error) {
      throw writeProblem(path, error)
    }
  }

  function close(): Promise<void> {
    closing ??= finish()
    return closing
  }

  return { dir, runId, append, head: () => last.hash, close, [Symbol.asyncDispose]: close }
}

async function openWriter(reportsDir: string, dir: string) {
  const parent = evidenceDir(reportsDir)
  const path = recordsPath(dir)
  try {
    await mkdir(reportsDir, { recursive: true })
    await mkdir(parent, { recursive: true, mode: 0o700 })
    await claimFolder(dir)
    // The umask may have taken from the mode, and a run that cannot read its own evidence cannot report.
    await chmod(dir, 0o700)
    const handle = await createFile(path, 0o600)
    await syncFolder(dir)
    await syncFolder(parent)
    return createWriter(handle, path)
  } catch (error) {
    throw error instanceof PvcheckError ? error : folderProblem(dir, error)
  }
}

async function claimFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 })
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? existsProblem(dir, error) : error
  }
}

function serialised(record: Omit<EvidenceRecord, 'hash'>) {
  try {
    return sealLine(record)
  } catch (error) {
    throw misuse(`a ${record.body.kind} record cannot be written as JSON: ${messageOf(error)}`, error)
  }
}

function misuse(seen: string, cause?: unknown): PvcheckError {
  return new PvcheckError({
    code: 'EVIDENCE_MISUSED',
    seen,
    wanted: 'records as in harness/model/record.ts, ended by one `end`',
    remedy: 'This is a fault of pvcheck: please report it.',
    cause,
  })
}
