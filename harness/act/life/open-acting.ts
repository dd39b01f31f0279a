import { Disposer } from '../../core/disposer.ts'
import type { Connection } from '../../reach/target.ts'
import { armTimer, disarmTimer } from '../janitor/host-timer.ts'
import { startJanitor } from '../janitor/start.ts'
import { createIntents } from '../mark/intents.ts'
import { keepHold } from '../mark/keep-hold.ts'
import { takeLock } from '../mark/lock.ts'
import { forgetRun, readIntents } from '../mark/read-intents.ts'
import type { Acting, ActingPlan } from './acting.ts'
import { endActing } from './end-acting.ts'
import { type Current, handsOf, type Licence } from './licence.ts'
import { settleRun } from './settle-run.ts'

/**
 * Takes the lock of the Swarm and readies all that cleans up after the run, whatever becomes of this process. Throws
 * `LOCK_HELD` and the like, `JANITOR_NOT_STARTED`, `TIMER_NOT_ARMED`, `INTENTS_*`, and leaves nothing behind then.
 */
export async function openActing(connection: Connection, plan: ActingPlan, signal: AbortSignal): Promise<Acting> {
  const disposer = new Disposer()
  try {
    return actingBy(await ready(connection, plan, signal, disposer))
  } catch (error) {
    throw await disposer.disposeAfter(error)
  }
}

async function ready(
  connection: Connection,
  plan: ActingPlan,
  signal: AbortSignal,
  disposer: Disposer,
): Promise<Licence> {
  const { run, owner, stateDir, throwaway, onProgress } = plan
  const createSeconds = Math.ceil(connection.handle.address.timeoutMs / 1000)
  const leaseSeconds = Math.max(throwaway.leaseSeconds, 3 * createSeconds)
  const current: Current = { connection, intents: undefined }

  const intents = await createIntents(stateDir, { run, owner, cluster: connection.target.fingerprint.cluster })
  current.intents = intents
  disposer.defer(async () => {
    await intents[Symbol.asyncDispose]()
    await forgetRun(stateDir, run)
  })
  onProgress('takes the lock of the Swarm')
  const hold = await takeLock({ ...handsOf(current), run, owner, leaseSeconds, createSeconds }, { signal })
  disposer.defer(() => hold.release())
  const keeper = keepHold(hold, (leaseSeconds * 1000) / 10)
  disposer.defer(async () => keeper[Symbol.asyncDispose]())

  onProgress('starts the process that cleans up after a kill')
  const hasTimer = throwaway.hostSweeps
  const { lifetimeSeconds } = throwaway
  const janitor = await startJanitor(
    connection,
    { run, owner, stateDir, createSeconds, lifetimeSeconds, hasTimer },
    signal,
  )
  disposer.defer(async () => {
    await janitor.tell('dismiss')
    await janitor.removeFiles()
  })
  if (janitor.process !== undefined) await intents.janitor(janitor.process)

  if (hasTimer) {
    onProgress('arms the timer on the manager')
    // Whoever hears that it failed may have armed it all the same.
    disposer.defer(() => disarmTimer(connection.target.host, run))
    await armTimer(connection.target.host, { run, owner, leaseSeconds }, signal)
  }
  keeper.signal.throwIfAborted()
  janitor.gone.throwIfAborted()
  signal.throwIfAborted()
  await intents[Symbol.asyncDispose]()
  current.intents = undefined
  return Object.assign(current, { plan, createSeconds, hold, keeper, janitor, hasTimer })
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
