import { PvcheckError } from '../../core/errors.ts'
import type { Connection } from '../../reach/target.ts'
import type { Acting, ActingPlan } from './acting.ts'

/**
 * Takes the lock of the Swarm and readies all that cleans up after the run, whatever becomes of this process. Throws
 * `LOCK_HELD` and the like, `JANITOR_NOT_STARTED`, `TIMER_NOT_ARMED`, `INTENTS_*`, and leaves nothing behind then.
 */
export async function openActing(_connection: Connection, { run }: ActingPlan, _signal: AbortSignal): Promise<Acting> {
  throw new PvcheckError({
    code: 'ACTING_UNBUILT',
    seen: `nothing acts for ${run} yet`,
    wanted: 'a run that can act',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
