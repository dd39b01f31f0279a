import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, PvcheckError } from '../core/errors.ts'
import { systemCode } from '../core/file.ts'
import { type AddressCensus, addressCensus } from '../model/facts/addresses/census.ts'
import { evidenceDir, recordsPath } from './evidence/paths.ts'
import { isRunId } from './evidence/run-id.ts'
import { scanBundle } from './evidence/scan.ts'
import { readSeal } from './evidence/seal-file.ts'

/** A census of an earlier run. */
export interface EarlierCensus {
  readonly run: string
  readonly census: AddressCensus
}

export interface HistoryOptions {
  /** Only runs before this one. */
  readonly before: string
  /** The Swarm that they must be about. */
  readonly cluster: string
  /** Told the newest first; there is no use in older ones once it says no. */
  readonly isWanted: (census: AddressCensus) => boolean
  readonly signal: AbortSignal
}

export interface History {
  /** The oldest first. */
  readonly censuses: readonly EarlierCensus[]
  /** Bundles that could not be read, and why. */
  readonly leftOut: readonly string[]
}

/** As many censuses, and as much evidence, as is read at most: a year of days, and what a disk gives in seconds. */
const mostCensuses = 400
const mostBytes = 1024 * 2 ** 20

const runBody = z.object({ planned: z.array(z.object({ check: z.string() })) })
const observed = z.object({ raw: z.unknown() })

/**
 * The censuses in a folder of reports, from the newest back. Bundles of other runs are known by their first line, and not
 * read any further; one that is damaged is left out, and named.
 */
export async function readHistory(reportsDir: string, options: HistoryOptions): Promise<History> {
  const parent = evidenceDir(reportsDir)
  const runs = (await namesIn(parent)).filter((name) => isRunId(name) && name < options.before).sort()
  const censuses: EarlierCensus[] = []
  const leftOut: string[] = []
  let bytes = 0
  for (const run of runs.reverse()) {
    options.signal.throwIfAborted()
    if (censuses.length >= mostCensuses || bytes >= mostBytes) break
    const dir = join(parent, run)
    try {
      const census = await censusIn(dir, options.cluster)
      if (census === undefined) continue
      bytes += (await stat(recordsPath(dir))).size
      if (!options.isWanted(census)) break
      censuses.push({ run, census })
    } catch (error) {
      if (!(error instanceof PvcheckError || error instanceof z.ZodError)) throw error
      leftOut.push(error instanceof PvcheckError ? messageOf(error) : `${dir} has a census of a form that is not known`)
    }
  }
  return { censuses: censuses.reverse(), leftOut }
}

/** Undefined where the bundle is of another run, another Swarm, or one that did not come to its end. */
async function censusIn(dir: string, cluster: string): Promise<AddressCensus | undefined> {
  const seal = await readSeal(dir)
  if (seal?.cluster !== cluster) return undefined
  let census: AddressCensus | undefined
  for await (const record of scanBundle(dir)) {
    if (record.seq === 1 && !isOfCensus(record.body())) return undefined
    if (!record.has(`"fact":"${addressCensus.name}"`)) continue
    const raw = observed.safeParse(record.body()).data?.raw
    if (raw !== undefined) census = addressCensus.schema.parse(raw)
  }
  return census
}

function isOfCensus(body: unknown): boolean {
  return runBody.safeParse(body).data?.planned.some(({ check }) => check.startsWith('PV-ADR-')) ?? false
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
