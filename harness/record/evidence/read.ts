import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { bodySchema, type EvidenceRecord } from '../../model/record.ts'
import { brokenFile, missing } from './broken.ts'
import { checkLine, noHash } from './line.ts'
import { recordsPath } from './paths.ts'
import type { Seal } from './seal.ts'
import { readSeal } from './seal-file.ts'

/** A bundle whose chain holds. */
export interface VerifiedBundle {
  readonly dir: string
  readonly records: readonly EvidenceRecord[]
  /** The hash of the last record; 64 zeros where there is none. */
  readonly head: string
  /** The run came to its end; else it was killed, or the end was cut off. */
  readonly complete: boolean
  /** Bytes after the last record: a line that was cut off while it was being written. */
  readonly tornBytes: number
  /** Written at the end of a run; a kill between the two leaves a complete bundle without it. */
  readonly seal: Seal | undefined
}

export interface ReadOptions {
  /** The head that STATUS, or whoever took it down, says the bundle has. */
  readonly head?: string
}

const envelopeSchema = z.object({
  seq: z.number().int().positive(),
  at: z.string(),
  run: z.string(),
  body: z.looseObject({ kind: z.string() }),
  prev: z.string(),
})

/**
 * Reads a bundle and walks its chain. Throws `EVIDENCE_MISSING`, `EVIDENCE_BROKEN` with the first line that does not
 * fit, or `EVIDENCE_NEWER` where a newer pvcheck wrote it. A torn last line is no error: see `tornBytes`.
 */
export async function readBundle(dir: string, options: ReadOptions = {}): Promise<VerifiedBundle> {
  const content = await contentOf(recordsPath(dir))
  const lastBreak = content.lastIndexOf(0x0a)
  // Bytes that are no UTF-8 decode to others than were hashed, and so break their line.
  const lines = lastBreak < 0 ? [] : content.toString('utf8', 0, lastBreak).split('\n')
  const records: EvidenceRecord[] = []
  for (const [index, line] of lines.entries()) records.push(readLine(dir, index + 1, line, records.at(-1)))
  const last = records.at(-1)
  const tornBytes = content.length - (lastBreak + 1)
  const complete = last?.body.kind === 'end'
  if (complete && tornBytes > 0) throw broken(dir, lines.length + 1, 'comes after the end of the run')
  const head = last?.hash ?? noHash
  const seal = await readSeal(dir)
  compareHead(dir, records.length, head, seal, options.head)
  return { dir, records, head, complete, tornBytes, seal }
}

function readLine(dir: string, number: number, line: string, before: EvidenceRecord | undefined): EvidenceRecord {
  const checked = checkLine(line)
  if (checked === undefined) throw broken(dir, number, 'is not a record')
  if (!checked.holds) throw broken(dir, number, 'was changed: its hash is not that of its content')
  const envelope = envelopeSchema.safeParse(parse(dir, number, line))
  if (!envelope.success) throw broken(dir, number, 'is not a record')
  const { seq, at, run, prev, body } = envelope.data
  if (before?.body.kind === 'end') throw broken(dir, number, 'comes after the end of the run')
  if (prev !== (before?.hash ?? noHash))
    throw broken(dir, number, 'does not follow the line before it: one was changed, removed, inserted or moved')
  if (seq !== number) throw broken(dir, number, `says that it is record ${seq}`)
  if (run !== (before?.run ?? basename(resolve(dir)))) throw broken(dir, number, `is of another run, ${run}`)
  const known = bodySchema.safeParse(body)
  if (!known.success) throw newer(dir, number, body.kind)
  return { seq, at, run, body: known.data, prev, hash: checked.hash }
}

function compareHead(dir: string, count: number, head: string, seal: Seal | undefined, wanted: string | undefined) {
  if (seal !== undefined && (seal.head !== head || seal.records !== count)) {
    const cut = count < seal.records
    const seen = cut ? `is missing: the run ended with record ${seal.records}` : 'is not the one the run ended with'
    throw broken(dir, cut ? count + 1 : count, seen)
  }
  if (wanted !== undefined && wanted !== head) throw broken(dir, count, `is not the one wanted: its hash is ${head}`)
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw missing(path, error)
  }
}

function parse(dir: string, number: number, line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw broken(dir, number, 'is not JSON', error)
  }
}

function broken(dir: string, line: number, what: string, cause?: unknown): PvcheckError {
  return brokenFile(`line ${line} of ${recordsPath(dir)} ${what}`, cause)
}

function newer(dir: string, line: number, kind: string): PvcheckError {
  return new PvcheckError({
    code: 'EVIDENCE_NEWER',
    seen: `line ${line} of ${recordsPath(dir)} is a "${kind}" record of a form that this pvcheck does not know`,
    wanted: 'records that this pvcheck can read',
    remedy: 'Read the bundle with the pvcheck that wrote it, or with a newer one; its first line names it.',
    exit: 'stale',
  })
}
