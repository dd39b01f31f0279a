import { PvcheckError } from '../../core/errors.ts'
import type { ConnectionHandle } from '../../reach/target.ts'
import type { CarefulHand } from '../hand/careful.ts'
import type { ActingHandle } from './acting.ts'

/**
 * For the process that creates: goes on with the run's intents once the janitor has said that it is there. Throws
 * `JANITOR_GONE` and `INTENTS_*`. Whoever disposes of it has ended acting.
 */
export async function joinActing(
  { run }: ActingHandle,
  _connection: ConnectionHandle,
  _signal?: AbortSignal,
): Promise<CarefulHand & AsyncDisposable> {
  throw new PvcheckError({
    code: 'ACTING_UNBUILT',
    seen: `nothing acts for ${run} yet`,
    wanted: 'a run that can act',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
