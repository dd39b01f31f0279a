import { mkdir } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { messageOf, PvcheckError } from '../../core/errors.ts'
import { replaceFile } from '../../core/file.ts'
import { latestBundleBefore } from '../evidence/latest.ts'
import { readBundle, type VerifiedBundle } from '../evidence/read.ts'
import { renderBroken } from './broken.ts'
import { renderStatus } from './status.ts'

/** Puts a report at `path`, whole or not at all; its folder is created. Throws `REPORT_UNWRITABLE`. */
export async function writeReport(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await replaceFile(path, text, 0o644)
  } catch (error) {
    throw new PvcheckError({
      code: 'REPORT_UNWRITABLE',
      seen: `cannot write ${path}: ${messageOf(error)}`,
      wanted: 'a report for every run',
      remedy: 'Let `reports.dir` name a folder with room that the user who runs pvcheck may write to.',
      exit: 'stale',
      cause: error,
    })
  }
}

export interface StatusPlan {
  readonly bundleDir: string
  readonly reportsDir: string
  /** `STATUS-<phase>.md`. */
  readonly phase: string
}

/**
 * Writes STATUS from a bundle alone. Of a broken bundle it says just that, so that no older STATUS is taken for this
 * run's, and then throws `EVIDENCE_BROKEN`.
 */
export async function writeStatus(plan: StatusPlan): Promise<{ readonly path: string; readonly claim: string }> {
  const path = join(plan.reportsDir, `STATUS-${plan.phase}.md`)
  const bundlePath = relative(resolve(plan.reportsDir), resolve(plan.bundleDir))
  let bundle: VerifiedBundle
  try {
    bundle = await readBundle(plan.bundleDir)
  } catch (error) {
    if (error instanceof PvcheckError) await writeReport(path, renderBroken(error, bundlePath))
    throw error
  }
  const previous = await previousOf(plan.reportsDir, bundle)
  const text = renderStatus({ records: bundle.records, bundlePath, tornBytes: bundle.tornBytes, previous })
  await writeReport(path, text)
  return { path, claim: text.slice(0, text.indexOf('\n')) }
}

async function previousOf(reportsDir: string, { records }: VerifiedBundle) {
  const runId = records[0]?.run
  const host = records.findLast(({ body }) => body.kind === 'host')?.body
  if (runId === undefined || host?.kind !== 'host') return undefined
  const bundle = await latestBundleBefore(reportsDir, { runId, cluster: host.fingerprint.cluster })
  return bundle?.records
}
