import type { Acting, ActingHandle, ActingPlan } from '../act/life/acting.ts'
import { joinErrors } from '../core/errors.ts'
import type { Connection } from '../reach/target.ts'
import { residueIn } from '../record/evidence/trouble.ts'
import { ActingDenied } from './denial.ts'

export interface LicenceParts {
  readonly connection: Connection
  /** Another one, where the first was lost: for what must be given back. */
  readonly current: () => Promise<Connection>
  readonly plan: ActingPlan
  readonly open: (connection: Connection, plan: ActingPlan, signal: AbortSignal) => Promise<Acting>
  /** Saves what there is before the run creates anything. */
  readonly look: () => Promise<unknown>
  /** Aborts when nothing may be begun any more. */
  readonly signal: AbortSignal
  /** Records what went wrong. Rejects when it cannot be saved. */
  readonly onTrouble: (error: unknown) => Promise<void>
}

/** What a run needs in order to act: begun when the first check wants to, and never where none does. */
export interface Licence {
  /** Throws what kept the run from acting, each time; it was recorded the first time. */
  begin(): Promise<ActingHandle>
  /** What was begun, once that is settled; from now on nothing is. */
  close(): Promise<Acting | undefined>
}

export function createLicence({ connection, current, plan, open, look, signal, onTrouble }: LicenceParts): Licence {
  let opening: Promise<Acting> | undefined
  let isClosed = false

  async function openOnce(): Promise<Acting> {
    signal.throwIfAborted()
    const acting = await open(connection, plan, signal)
    try {
      await look()
    } catch (error) {
      // Nothing was created: there is nothing to be swept.
      const failures = await failureOf(current().then((living) => acting.end(living, true)))
      throw joinErrors(error, failures)
    }
    acting.lost.addEventListener('abort', () => {
      // Once the specs are over nothing is to be created any more. What cannot be saved is told by whatever comes next.
      if (!isClosed) onTrouble(acting.lost.reason).catch(() => undefined)
    })
    return acting
  }

  return {
    begin: async () => {
      if (isClosed && opening === undefined) throw tooLate()
      opening ??= openOnce().catch(async (error: unknown) => {
        // The interrupt has its own place; what it makes fail is no trouble of the host's, but what it leaves there is.
        if (!signal.aborted || residueIn(error).length > 0) await onTrouble(error)
        throw error
      })
      return (await opening).handle
    },
    close: () => {
      isClosed = true
      // Why it could not be begun has been told.
      return opening === undefined ? Promise.resolve(undefined) : opening.catch(() => undefined)
    },
  }
}

async function failureOf(work: Promise<unknown>): Promise<readonly unknown[]> {
  return work.then(
    () => [],
    (error: unknown) => [error],
  )
}

function tooLate(): ActingDenied {
  return new ActingDenied({
    code: 'RUN_OVER',
    seen: 'the specs of this run are over',
    wanted: 'to act while they run',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
