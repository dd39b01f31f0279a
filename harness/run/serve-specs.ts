import { messageOf } from '../core/errors.ts'
import type { RecordBody } from '../model/record.ts'
import { troubleOf } from '../record/evidence/trouble.ts'
import { endWorkers } from './end-workers.ts'
import type { Doing, RunPlan, Work } from './perform.ts'
import { serveRecorder } from './recorder-server.ts'
import type { RunContext } from './session.ts'
import type { SuiteFault } from './suite.ts'

/** Runs specs to their end; says what went wrong around them. `workers` are the processes that have connected. */
export type RunSpecs = (context: RunContext, workers: () => readonly number[]) => Promise<readonly SuiteFault[]>

/** The work of a run whose checks are proven by specs: what goes wrong around them is recorded. */
export function workOfSpecs(runSpecs: RunSpecs): Work {
  return {
    during: 'specs',
    does: async (plan, doing) => {
      for (const fault of await serveSpecs(plan, doing, runSpecs)) {
        if (plan.interrupt.exit() === undefined) await doing.recorder.append(specTrouble(fault))
      }
    },
  }
}

/**
 * Runs the specs over a connection and saves what they send; says what went wrong around them. When it is over no
 * worker is left, or it throws `RUN_WORKER_LIVES`. `act` is there where the specs may act.
 */
async function serveSpecs(
  plan: RunPlan,
  { connection, recorder, act }: Doing,
  runSpecs: RunSpecs,
): Promise<readonly SuiteFault[]> {
  const faults: SuiteFault[] = []
  await using server = await serveRecorder(recorder, {
    onFault: (fault) => void faults.push({ during: 'specs', seen: messageOf(fault) }),
    onProgress: plan.console.progress,
    ...(act === undefined ? {} : { act }),
  })
  const onLost = (): void => {
    // A Ctrl-C may take the connection along: that says nothing about the host.
    if (plan.interrupt.exit() !== undefined) return
    const trouble = troubleOf(connection.signal.reason, 'specs')
    server.announceLost(trouble)
    saved = recorder.append(trouble).then(
      () => undefined,
      (error: unknown) => void faults.push({ during: 'specs', seen: messageOf(error) }),
    )
  }
  let saved: Promise<void> | undefined
  connection.signal.addEventListener('abort', onLost, { once: true })
  if (connection.signal.aborted) onLost()
  try {
    const context: RunContext = {
      socketPath: server.socketPath,
      handle: connection.handle,
      expectations: plan.config.expect,
      secrets: plan.config.secrets,
      credentials: plan.config.credentials,
    }
    faults.push(...(await runSpecs(context, server.workers)))
  } finally {
    // Closing the connection is no loss.
    connection.signal.removeEventListener('abort', onLost)
    await saved
    // Under a bare Vitest they are somebody else's, and nobody acts.
    if (act !== undefined) await endWorkers(await server.everyWorker())
  }
  return faults
}

function specTrouble({ during, seen }: SuiteFault): RecordBody {
  return {
    kind: 'trouble',
    code: 'RUN_SPEC_FAULT',
    seen,
    wanted: 'specs that load, and workers that live as long as the run',
    remedy: 'This is a fault of pvcheck, or of its installation: report it, with the evidence.',
    during,
    exit: 'internal',
  }
}
