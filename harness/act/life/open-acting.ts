import { Disposer } from '../../core/disposer.ts'
import type { Connection } from '../../reach/target.ts'
import { armTimer } from '../janitor/host-timer.ts'
import { startJanitor } from '../janitor/start.ts'
import { createIntents, type Intents } from '../mark/intents.ts'
import { keepHold } from '../mark/keep-hold.ts'
import { takeLock } from '../mark/lock.ts'
import { readIntents } from '../mark/read-intents.ts'
import type { Acting, ActingPlan } from './acting.ts'
import { endActing } from './end-acting.ts'
import { handsOf, type Licence } from './licence.ts'
import { settleRun } from './settle-run.ts'
import { type Opening, undoOpening } from './undo-opening.ts'

/**
 * Takes the lock of the Swarm and readies all that cleans up after the run, whatever becomes of this process. Throws
 * `LOCK_HELD` and the like, `JANITOR_NOT_STARTED`, `TIMER_NOT_ARMED`, `INTENTS_*`, and leaves nothing behind then.
 */
export async function openActing(connection: Connection, plan: ActingPlan, signal: AbortSignal): Promise<Acting> {
  const { run, owner, stateDir } = plan
  const createSeconds = Math.ceil(connection.handle.address.timeoutMs / 1000)
  const intents = await createIntents(stateDir, { run, owner, cluster: connection.target.fingerprint.cluster })
  const opening: Opening = { connection, intents, plan, createSeconds, mayHaveTimer: false }
  const disposer = new Disposer()
  disposer.defer(() => undoOpening(opening))
  try {
    return actingBy(await ready(opening, intents, signal))
  } catch (error) {
    throw await disposer.disposeAfter(error)
  }
}

async function ready(opening: Opening, intents: Intents, signal: AbortSignal): Promise<Licence> {
  const { plan, createSeconds, connection } = opening
  const { run, owner, stateDir, throwaway, onProgress } = plan
  const leaseSeconds = Math.max(throwaway.leaseSeconds, 3 * createSeconds)
  // Before anything is created, the lock included.
  onProgress('starts the process that cleans up after a kill')
  const { lifetimeSeconds, hostSweeps: hasTimer } = throwaway
  const janitor = await startJanitor(
    connection,
    { run, owner, stateDir, createSeconds, lifetimeSeconds, hasTimer },
    signal,
  )
  opening.janitor = janitor
  if (janitor.process !== undefined) await intents.janitor(janitor.process)

  onProgress('takes the lock of the Swarm')
  const hold = await takeLock({ ...handsOf(opening), run, owner, leaseSeconds, createSeconds }, { signal })
  const keeper = keepHold(hold, (leaseSeconds * 1000) / 10)
  opening.keeper = keeper

  if (hasTimer) {
    onProgress('arms the timer on the manager')
    // Whoever hears that it failed may have armed it all the same.
    opening.mayHaveTimer = true
    await armTimer(connection.target.host, { run, owner, leaseSeconds }, signal)
  }
  keeper.signal.throwIfAborted()
  janitor.gone.throwIfAborted()
  signal.throwIfAborted()
  await intents[Symbol.asyncDispose]()
  opening.intents = undefined
  return Object.assign(opening, { hold, keeper, janitor, hasTimer })
}

function actingBy(licence: Licence): Acting {
  const { plan, createSeconds, keeper, janitor } = licence
  const { run, owner, stateDir, throwaway, onProgress } = plan
  return {
    handle: {
      run,
      owner,
      stateDir,
      janitorSocket: janitor.socketPath,
      createSeconds,
      lifetimeSeconds: throwaway.lifetimeSeconds,
    },
    lost: AbortSignal.any([keeper.signal, janitor.gone]),
    async settle(connection, signal) {
      licence.connection = connection
      const { left, ...swept } = await settleRun(connection, {
        run,
        stateDir,
        createSeconds,
        keepLock: true,
        signal,
        onProgress,
      })
      return { swept: swept.objects.length === 0 ? [] : [swept], live: [], left, doubtful: [] }
    },
    deeds: async () => (await readIntents(stateDir, run)).deeds,
    end: async (connection, isClean) => {
      licence.connection = connection
      await endActing(licence, isClean)
    },
  }
}
