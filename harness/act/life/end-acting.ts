import { Disposer } from '../../core/disposer.ts'
import { disarmTimer } from '../janitor/host-timer.ts'
import { resumeIntents } from '../mark/intents.ts'
import { forgetRun } from '../mark/read-intents.ts'
import type { Licence } from './licence.ts'

/**
 * Gives a run's licence back. With something left, or where it cannot be given back, whatever cleans up goes on: the
 * janitor, where it is there, and else the timer, or the next run.
 */
export async function endActing(licence: Licence, isClean: boolean): Promise<void> {
  const { janitor, keeper } = licence
  await keeper[Symbol.asyncDispose]()
  if (!isClean) {
    await leaveTheRest(licence)
    return
  }
  try {
    await giveBack(licence)
  } catch (error) {
    const disposer = new Disposer()
    disposer.defer(() => leaveTheRest(licence))
    throw await disposer.disposeAfter(error)
  }
  await janitor.tell('dismiss')
  // It may have been killed, and then has left its own files.
  await janitor.removeFiles()
  await forgetRun(licence.plan.stateDir, licence.plan.run)
}

async function giveBack(licence: Licence): Promise<void> {
  const { plan, hold, hasTimer, connection } = licence
  if (hasTimer) await disarmTimer(connection.target.host, plan.run)
  await using intents = await resumeIntents(plan.stateDir, plan.run)
  licence.intents = intents
  try {
    await hold.release()
  } finally {
    licence.intents = undefined
  }
}

async function leaveTheRest({ janitor }: Licence): Promise<void> {
  await janitor.tell('sweep')
}
