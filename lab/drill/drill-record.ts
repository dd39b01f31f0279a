import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { PvcheckError } from '../../harness/core/errors.ts'
import { replaceFile, systemCode } from '../../harness/core/file.ts'

const counts = z.record(z.string(), z.number())

/** What a full run of a drill leaves behind, to be committed. */
export const drillRecordSchema = z.strictObject({
  drill: z.string(),
  seed: z.string(),
  commit: z.string(),
  /** The version of the Docker Engine. */
  engine: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  cases: z.number(),
  byKind: counts,
  byPoint: counts,
  failures: z.array(z.strictObject({ case: z.string(), seen: z.string() })),
  recoveryMs: z.strictObject({
    median: z.number(),
    slowest: z.number(),
    slowestCase: z.string(),
    /** The slowest of each kind. */
    byKind: counts,
  }),
  covers: z.array(z.string()),
  /** Of the covered files, as they were when the drill began. */
  digest: z.string(),
})
export type DrillRecord = z.infer<typeof drillRecordSchema>

export function recordPath(root: string, drill: string): string {
  return join(root, 'docs', 'drills', `${drill}.json`)
}

/** The committed record of a drill, where there is one. Throws `DRILL_RECORD_UNREADABLE`. */
export async function readDrillRecord(root: string, drill: string): Promise<DrillRecord | undefined> {
  const path = recordPath(root, drill)
  try {
    return drillRecordSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new PvcheckError({
      code: 'DRILL_RECORD_UNREADABLE',
      seen: `${path} cannot be read as the record of a drill`,
      wanted: 'the record that the drill wrote',
      remedy: `Take it from the last commit, or run \`npm run drill ${drill} -- --seed <seed>\` again.`,
      cause: error,
    })
  }
}

export async function writeDrillRecord(root: string, record: DrillRecord): Promise<string> {
  const path = recordPath(root, record.drill)
  await mkdir(dirname(path), { recursive: true })
  await replaceFile(path, `${JSON.stringify(record, null, 2)}\n`, 0o644)
  return path
}
