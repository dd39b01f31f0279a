import { messageOf } from '../../core/errors.ts'
import type { Connection, Target } from '../../reach/target.ts'
import { disarmTimer } from '../janitor/host-timer.ts'
import { isMissing, settleRun } from '../life/settle-run.ts'
import { forgetRun } from '../mark/read-intents.ts'
import type { LocalRun } from './local-runs.ts'
import type { SweepParts } from './parts.ts'
import type { SweptRun } from './report.ts'
import { sweepRun } from './sweep-run.ts'

interface Given {
  readonly run: string
  readonly stateDir: string
  /** Where its file is here, and nobody writes into it any more. */
  readonly file: LocalRun | undefined
  readonly connection: Connection
}

/** Sweeps a run; where nothing is left of it, also what this machine and the manager's own timer know of it. */
export async function sweepLocal(
  { run, stateDir, file, connection }: Given,
  parts: SweepParts,
): Promise<SweptRun & { readonly left: readonly string[] }> {
  const { signal, onProgress } = parts
  const mayAppearMs = file?.state === 'old' ? 0 : connection.handle.address.timeoutMs
  const settle = { run, stateDir, createSeconds: mayAppearMs / 1000, keepLock: false, signal, onProgress }
  const swept = file === undefined ? await sweepRun(run, parts) : await settleRun(connection, settle)
  if (swept.left.length > 0) return swept
  const left: string[] = []
  try {
    await disarmIfAny(connection.target.host, run, signal)
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
