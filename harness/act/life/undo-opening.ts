import { joinErrors, messageOf, PvcheckError } from '../../core/errors.ts'
import { pollUntil } from '../../core/poll.ts'
import { connect } from '../../reach/connect.ts'
import type { Connection } from '../../reach/target.ts'
import { disarmTimer } from '../janitor/host-timer.ts'
import type { Janitor } from '../janitor/start.ts'
import type { Keeper } from '../mark/keep-hold.ts'
import { forgetRun, readIntents } from '../mark/read-intents.ts'
import type { ActingPlan } from './acting.ts'
import type { Current } from './licence.ts'
import { settleRun } from './settle-run.ts'

/** A licence that is being opened: what there may be of it so far. */
export interface Opening extends Current {
  readonly plan: ActingPlan
  readonly createSeconds: number
  keeper?: Keeper
  janitor?: Janitor
  /** Whether the timer was begun to be armed. */
  mayHaveTimer: boolean
}

/** A dockerd that is started again may take a minute until it manages its Swarm. */
const undoMs = 90_000

/**
 * Removes what there is of a licence that could not be opened, over another connection where the first was lost. The
 * janitor goes last: where this cannot be done now, it goes on. Throws `OPENING_NOT_UNDONE` then.
 */
export async function undoOpening(opening: Opening): Promise<void> {
  const { plan, keeper, janitor } = opening
  await keeper?.[Symbol.asyncDispose]()
  await opening.intents?.[Symbol.asyncDispose]()
  try {
    await removeAll(opening)
    await forgetRun(plan.stateDir, plan.run)
  } catch (error) {
    const also = await janitor?.tell('sweep').catch((thrown: unknown) => thrown)
    throw notUndone(also === undefined ? error : joinErrors(error, [also]))
  }
  await janitor?.tell('dismiss')
  // It may have been killed, and then has left its own files.
  await janitor?.removeFiles()
}

async function removeAll(opening: Opening): Promise<void> {
  const { plan, mayHaveTimer } = opening
  const { open } = await readIntents(plan.stateDir, plan.run)
  if (open.length === 0 && !mayHaveTimer) return
  const attempt = async (signal: AbortSignal) => ({ done: true as const, value: await removeOnce(opening, signal) })
  await pollUntil(attempt, {
    what: 'what was made for the run to be removed',
    timeoutMs: undoMs,
    intervalMs: 1_000,
  })
}

async function removeOnce(opening: Opening, signal: AbortSignal): Promise<void> {
  const { plan, createSeconds, mayHaveTimer, connection: first } = opening
  const { run, stateDir, onProgress } = plan
  const { address, fingerprint } = first.handle
  await using again = first.signal.aborted
    ? await connect({ ...address, cluster: fingerprint.cluster }, { signal, stateDir })
    : undefined
  const connection: Connection = again ?? first
  const { left } = await settleRun(connection, { run, stateDir, createSeconds, keepLock: false, signal, onProgress })
  if (left.length > 0) throw new Error(left.join('; '))
  if (mayHaveTimer) await disarmTimer(connection.target.host, run, signal)
}

function notUndone(cause: unknown): PvcheckError {
  return new PvcheckError({
    code: 'OPENING_NOT_UNDONE',
    seen: `what was made for the run before it could begin may still be there: ${messageOf(cause)}`,
    wanted: 'no lock, no timer and no file of a run that could not begin',
    remedy: 'Its janitor goes on, and else the timer on the manager, or `pvcheck sweep` once the lease is over.',
    exit: 'residue',
    cause,
  })
}
