import type { ActingHandle } from '../act/life/acting.ts'
import { messageOf } from '../core/errors.ts'
import type { Recorder } from '../model/record.ts'
import type { Connection } from '../reach/target.ts'
import { troubleOf } from '../record/evidence/trouble.ts'
import { endWorkers } from './end-workers.ts'
import type { RunPlan } from './perform.ts'
import { serveRecorder } from './recorder-server.ts'
import type { RunContext } from './session.ts'
import type { SuiteFault } from './suite.ts'

/**
 * Runs the specs over a connection and saves what they send; says what went wrong around them. When it is over no
 * worker is left, or it throws `RUN_WORKER_LIVES`. `act` is there where the specs may act.
 */
export async function serveSpecs(
  plan: RunPlan,
  connection: Connection,
  recorder: Recorder,
  act?: () => Promise<ActingHandle>,
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
    faults.push(...(await plan.runSpecs(context, server.workers)))
  } finally {
    // Closing the connection is no loss.
    connection.signal.removeEventListener('abort', onLost)
    await saved
    // Under a bare Vitest they are somebody else's, and nobody acts.
    if (act !== undefined) await endWorkers(await server.everyWorker())
  }
  return faults
}
