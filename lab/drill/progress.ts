import { appendFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { PvcheckError } from '../../harness/core/errors.ts'
import { systemCode } from '../../harness/core/file.ts'

const begunSchema = z.strictObject({
  drill: z.string(),
  seed: z.string(),
  count: z.number(),
  commit: z.string(),
  digest: z.string(),
  startedAt: z.string(),
})
/** What a drill was begun with. */
export type Begun = z.infer<typeof begunSchema>

const finishedSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  point: z.string(),
  failures: z.array(z.string()),
  recoveryMs: z.number().optional(),
  tookMs: z.number(),
  engine: z.string(),
})
export type FinishedCase = z.infer<typeof finishedSchema>

/** How far a drill has come; it survives whatever ends the drill. */
export interface Progress {
  readonly begun: Begun
  readonly finished: readonly FinishedCase[]
}

/** In the folder that git ignores. */
export function progressPath(root: string, drill: string): string {
  return join(root, 'reports', 'drills', `${drill}.jsonl`)
}

/** Begins anew; what an earlier one had got to is forgotten. */
export async function beginProgress(root: string, begun: Begun): Promise<void> {
  const path = progressPath(root, begun.drill)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(begun)}\n`)
}

export async function addFinished(root: string, drill: string, finished: FinishedCase): Promise<void> {
  await appendFile(progressPath(root, drill), `${JSON.stringify(finished)}\n`)
}

/** Once the record is written. */
export async function forgetProgress(root: string, drill: string): Promise<void> {
  await rm(progressPath(root, drill), { force: true })
}

/**
 * Where a drill was interrupted; `undefined` where there is nothing to go on with. A torn last line is cut off: that
 * case is tried again. Throws `DRILL_PROGRESS_UNREADABLE`.
 */
export async function readProgress(root: string, drill: string): Promise<Progress | undefined> {
  const path = progressPath(root, drill)
  const bytes = await readFile(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  })
  const sound = bytes === undefined ? 0 : bytes.lastIndexOf('\n') + 1
  if (bytes === undefined || sound === 0) return undefined
  if (sound < bytes.length) await truncate(path, sound)
  const [first = '', ...rest] = bytes.toString('utf8', 0, sound - 1).split('\n')
  try {
    return {
      begun: begunSchema.parse(JSON.parse(first)),
      finished: rest.map((line) => finishedSchema.parse(JSON.parse(line))),
    }
  } catch (error) {
    throw new PvcheckError({
      code: 'DRILL_PROGRESS_UNREADABLE',
      seen: `${path} cannot be read as the progress of a drill`,
      wanted: 'the lines that the drill wrote',
      remedy: 'Begin anew, without --resume.',
      cause: error,
    })
  }
}
