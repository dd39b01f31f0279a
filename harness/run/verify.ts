import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openActing } from '../act/life/open-acting.ts'
import type { Config } from '../config/load.ts'
import { joinErrors, PvcheckError } from '../core/errors.ts'
import { actingChecks, checks, verifyChecks } from '../judge/checks.ts'
import { preflightChecks } from '../judge/preflight/preflight-checks.ts'
import { residueChecks } from '../judge/residue/residue-checks.ts'
import type { AnyCheck } from '../model/check.ts'
import { addressesAfter } from '../model/facts/residue/addresses-after.ts'
import { objectsBefore } from '../model/facts/residue/objects-before.ts'
import { throwawayBatch } from '../model/facts/throwaway-batch.ts'
import { connect } from '../reach/connect.ts'
import { evidenceDir } from '../record/evidence/paths.ts'
import { readBundle } from '../record/evidence/read.ts'
import { newRunId } from '../record/evidence/run-id.ts'
import { writeStatus } from '../record/report/write.ts'
import type { ActingParts } from './act-and-settle.ts'
import { clearTheWay } from './clear-the-way.ts'
import type { RunConsole } from './console.ts'
import type { Planned } from './coverage.ts'
import type { Interrupt } from './interrupt.ts'
import { packageInfo } from './package-info.ts'
import { performRun } from './perform.ts'
import { workOfSpecs } from './serve-specs.ts'
import { inSpecOrder, isOfActing } from './spec-order.ts'
import { runSuite } from './suite.ts'
import type { Verified } from './summary.ts'

export interface VerifyOptions {
  readonly config: Config
  readonly command: string
  /** Leaves out all that acts on the target. */
  readonly readOnly: boolean
  readonly interrupt: Interrupt
  readonly console: RunConsole
  readonly onOutput: (text: string) => void
}

/**
 * Verifies the target, writes the evidence, and STATUS from the evidence alone. When the evidence itself cannot be
 * written it throws that, with a STATUS of what there is.
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { config, command, readOnly, interrupt, console, onOutput } = options
  const { root, version } = packageInfo()
  const files = await specFiles(join(root, 'dist', 'specs'), readOnly)
  const runId = newRunId()
  const exit = await performRun({
    runId,
    command,
    version,
    config,
    connect,
    work: workOfSpecs((context, workers) => runSuite({ root, files, context, interrupt, workers, onOutput })),
    planned: (readOnly ? checks : verifyChecks).map(named),
    leftOut: { checks: readOnly ? notAsking.map(named) : [], reason: 'left out: --read-only' },
    acting: readOnly ? undefined : acting,
    interrupt,
    console,
  }).catch(async (error: unknown) => {
    throw joinErrors(error, await failuresOf(reportRun(config, runId)))
  })
  return { exit, runId, ...(await reportRun(config, runId)) }
}

const acting: ActingParts = {
  ...{ clearTheWay, open: openActing, before: objectsBefore, residueChecks },
  told: [throwawayBatch, addressesAfter],
}

/** The checks of runs that may act. */
export const notAsking: readonly AnyCheck[] = [...preflightChecks, ...actingChecks, ...residueChecks]

export function named({ id, title }: AnyCheck): Planned {
  return { check: id, title }
}

type Reported = Pick<Verified, 'dir' | 'records' | 'statusPath' | 'claim'>

/** Writes STATUS of a run, and reads what the run saw. */
export async function reportRun(config: Pick<Config, 'reports' | 'reportsDir'>, runId: string): Promise<Reported> {
  const { reportsDir, reports } = config
  const dir = join(evidenceDir(reportsDir), runId)
  const { path, claim } = await writeStatus({ bundleDir: dir, reportsDir, phase: reports.phase })
  const { records } = await readBundle(dir)
  return { dir, records, statusPath: path, claim }
}

async function failuresOf(work: Promise<unknown>): Promise<readonly unknown[]> {
  return work.then(
    () => [],
    (error: unknown) => [error],
  )
}

/** The compiled specs in their order: an installation without them cannot verify anything. */
async function specFiles(dir: string, readOnly: boolean): Promise<readonly string[]> {
  const names = await readdir(dir).catch(() => [])
  const specs = names.filter((name) => name.endsWith('.spec.js') && !(readOnly && isOfActing(name)))
  if (specs.length > 0) return inSpecOrder(specs.map((name) => join(dir, name)))
  throw new PvcheckError({
    code: 'RUN_NO_SPECS',
    seen: `there are no specs in ${dir}`,
    wanted: 'the specs that belong to this version of pvcheck',
    remedy: 'Install pvcheck anew; in a checkout, run `npm run build`.',
    exit: 'internal',
  })
}
