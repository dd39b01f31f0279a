import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/load.ts'
import { joinErrors, PvcheckError } from '../core/errors.ts'
import { checks } from '../judge/checks.ts'
import { connect } from '../reach/connect.ts'
import { evidenceDir } from '../record/evidence/paths.ts'
import { readBundle } from '../record/evidence/read.ts'
import { newRunId } from '../record/evidence/run-id.ts'
import { writeStatus } from '../record/report/write.ts'
import type { RunConsole } from './console.ts'
import type { Interrupt } from './interrupt.ts'
import { packageInfo } from './package-info.ts'
import { performRun } from './perform.ts'
import { inSpecOrder } from './spec-order.ts'
import { runSuite } from './suite.ts'
import type { Verified } from './summary.ts'

export interface VerifyOptions {
  readonly config: Config
  readonly command: string
  readonly interrupt: Interrupt
  readonly console: RunConsole
  readonly onOutput: (text: string) => void
}

/**
 * Verifies the target, writes the evidence, and STATUS from the evidence alone. When the evidence itself cannot be
 * written it throws that, with a STATUS of what there is.
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { config, command, interrupt, console, onOutput } = options
  const { root, version } = packageInfo()
  const files = await specFiles(join(root, 'dist', 'specs'))
  const runId = newRunId()
  const exit = await performRun({
    runId,
    command,
    version,
    config,
    connect,
    runSpecs: (context, workers) => runSuite({ root, files, context, interrupt, workers, onOutput }),
    planned: checks.map(({ id, title }) => ({ check: id, title })),
    interrupt,
    console,
  }).catch(async (error: unknown) => {
    throw joinErrors(error, await failuresOf(reportRun(config, runId)))
  })
  return { exit, runId, ...(await reportRun(config, runId)) }
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
async function specFiles(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch(() => [])
  const specs = names.filter((name) => name.endsWith('.spec.js'))
  if (specs.length > 0) return inSpecOrder(specs.map((name) => join(dir, name)))
  throw new PvcheckError({
    code: 'RUN_NO_SPECS',
    seen: `there are no specs in ${dir}`,
    wanted: 'the specs that belong to this version of pvcheck',
    remedy: 'Install pvcheck anew; in a checkout, run `npm run build`.',
    exit: 'internal',
  })
}
