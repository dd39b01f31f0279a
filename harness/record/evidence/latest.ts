import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PvcheckError } from '../../core/errors.ts'
import { systemCode } from '../../core/file.ts'
import { evidenceDir } from './paths.ts'
import { readBundle, type VerifiedBundle } from './read.ts'
import { isRunId } from './run-id.ts'
import { readSeal } from './seal-file.ts'

export interface Wanted {
  /** Bundles of runs before this one. */
  readonly runId: string
  /** The Swarm they must be about. */
  readonly cluster: string
}

/**
 * The newest sealed bundle before a run that is about the same Swarm and judged something; one that is broken, or that
 * this pvcheck cannot read, is passed over: nothing can be compared with it.
 */
export async function latestBundleBefore(reportsDir: string, wanted: Wanted): Promise<VerifiedBundle | undefined> {
  const parent = evidenceDir(reportsDir)
  const runs = (await namesIn(parent)).filter((name) => isRunId(name) && name < wanted.runId).sort()
  for (const run of runs.reverse()) {
    const dir = join(parent, run)
    const bundle = await unlessUnfit(async () => {
      const seal = await readSeal(dir)
      return seal?.cluster === wanted.cluster ? readBundle(dir) : undefined
    })
    if (bundle?.complete && bundle.records.some(({ body }) => body.kind === 'finding')) return bundle
  }
  return undefined
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

async function unlessUnfit<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof PvcheckError && error.exit === 'stale') return undefined
    throw error
  }
}
