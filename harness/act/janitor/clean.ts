import { messageOf, PvcheckError } from '../../core/errors.ts'
import { pollUntil } from '../../core/poll.ts'
import { connect } from '../../reach/connect.ts'
import { isMissing, settleRun } from '../life/settle-run.ts'
import { forgetRun } from '../mark/read-intents.ts'
import { disarmTimer } from './host-timer.ts'
import type { JanitorTask } from './protocol.ts'

/** Between two tries; a host that is away is not to be knocked at all the time. */
const againMs = 3_000
/** After the last object has ended by itself, milliseconds. */
const patienceMs = 120_000

/**
 * Removes all that a run left, its lock and its timer included, and tries until it is done. Throws `WAIT_TIMED_OUT` with
 * the last reason when that has not been possible for as long as anything of the run lasts.
 */
export async function cleanUp(task: JanitorTask, log: (line: string) => void): Promise<void> {
  const timeoutMs = task.lifetimeSeconds * 1000 + patienceMs
  const what = `the Swarm to be rid of the run ${task.run}`
  await pollUntil(
    async (signal) => {
      try {
        const left = await cleanOnce(task, signal, log)
        if (left.length === 0) return { done: true, value: undefined }
        log(`still there: ${left.join('; ')}`)
        return { done: false, state: left.join('; ') }
      } catch (error) {
        log(`not done: ${messageOf(error)}`)
        throw error
      }
    },
    { what, timeoutMs, intervalMs: againMs },
  )
}

async function cleanOnce(
  { run, stateDir, address, createSeconds, hasTimer }: JanitorTask,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<readonly string[]> {
  await using connection = await connect(address, { signal, stateDir })
  log('connected')
  const { objects, left } = await settleRun(connection, {
    run,
    stateDir,
    createSeconds,
    keepLock: false,
    signal,
    onProgress: log,
  })
  if (objects.length > 0) log(`removed: ${objects.join(', ')}`)
  if (left.length > 0) return left
  if (hasTimer) await disarmTimer(connection.target.host, run, signal)
  await forgetRun(stateDir, run).catch((error: unknown) => {
    if (!isMissing(error)) throw error
  })
  return []
}

/** For a log: what went wrong, and what to do. */
export function inWords(error: unknown): string {
  return error instanceof PvcheckError ? `${error.message}; ${error.remedy}` : messageOf(error)
}
