import { messageOf } from '../../core/errors.ts'
import type { Target } from '../../reach/target.ts'
import { disarmTimer } from '../janitor/host-timer.ts'
import { resumeIntents } from '../mark/intents.ts'
import { forgetRun } from '../mark/read-intents.ts'
import { isMissing, type LocalRun } from './local-runs.ts'
import type { SweepParts } from './parts.ts'
import type { SweptRun } from './report.ts'
import { sweepRun } from './sweep-run.ts'

interface Given {
  readonly run: string
  readonly stateDir: string
  /** Where its file is here, and nobody writes into it any more. */
  readonly file: LocalRun | undefined
  readonly target: Pick<Target, 'host'>
}

/** The longest that a create can take which a process sent before it died. */
const createMs = 20_000

/** Sweeps a run; where nothing is left of it, also what this machine and the manager's own timer know of it. */
export async function sweepLocal(
  { run, stateDir, file, target }: Given,
  parts: SweepParts,
): Promise<SweptRun & { readonly left: readonly string[] }> {
  const swept = file === undefined ? await sweepRun(run, parts) : await sweepWith(file, stateDir, parts)
  if (swept.left.length > 0) return swept
  const left: string[] = []
  try {
    await disarmIfAny(target.host, run, parts.signal)
  } catch (error) {
    left.push(`the timer of the run ${run} on the manager: ${messageOf(error)}`)
  }
  try {
    if (file !== undefined) await forgetRun(stateDir, run)
  } catch (error) {
    // Somebody else who sweeps was faster.
    if (!isMissing(error)) left.push(`the file of the run ${run}: ${messageOf(error)}`)
  }
  return { ...swept, left }
}

/** Where no systemd answers there is no timer. */
async function disarmIfAny(host: Target['host'], run: string, signal: AbortSignal): Promise<void> {
  if ('unavailable' in host) return
  const { exitCode } = await host.run(['systemctl', 'show', '--property=Version'], { signal })
  if (exitCode === 0) await disarmTimer(host, run, signal)
}

async function sweepWith(
  { run, open, state }: LocalRun,
  stateDir: string,
  parts: SweepParts,
): Promise<SweptRun & { readonly left: readonly string[] }> {
  if (open.length === 0) return await sweepRun(run, parts)
  const resumed = await resumeIntents(stateDir, run).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  // Somebody else who sweeps has seen that nothing is open.
  if (resumed === undefined) return await sweepRun(run, parts)
  await using intents = resumed
  const mayAppearMs = state === 'old' ? 0 : createMs
  return await sweepRun(run, {
    ...parts,
    intents: { open, mayAppearMs, gone: (kind, name) => intents.gone(kind, name) },
  })
}
