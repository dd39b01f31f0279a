import { setTimeout as delay } from 'node:timers/promises'
import { pollUntil } from '../../../harness/core/poll.ts'
import { objectsLeft } from './leftovers.ts'
import { processesOf, signalAll } from './processes.ts'
import type { Scene } from './recovery.ts'

/** Stops all that a command has started, as a machine does that goes to sleep; returns when none of it moves. */
export async function putToSleep(mark: string): Promise<void> {
  await pollUntil<void>(
    async () => {
      // Whoever was being started while the others were stopped is caught the next time round.
      const found = await processesOf(mark)
      const awake = found.filter(({ state }) => state !== 'T')
      signalAll(awake, 'SIGSTOP')
      return awake.length === 0
        ? { done: true, value: undefined }
        : { done: false, state: `awake: ${awake.map(({ pid, words }) => `${pid} ${words}`).join('; ')}` }
    },
    { what: 'all processes to sleep', timeoutMs: 10_000, intervalMs: 10 },
  )
}

/** Lets them go on; returns the moment, in milliseconds. */
export async function wake(mark: string): Promise<number> {
  const at = Date.now()
  signalAll(await processesOf(mark), 'SIGCONT')
  return at
}

/** Waits until the host has swept by itself, with nobody else awake who could; throws `WAIT_TIMED_OUT`. */
export async function untilHostSwept({ engine }: Scene, signal: AbortSignal): Promise<void> {
  await pollUntil<void>(
    async () => {
      const left = await objectsLeft(engine)
      return left.length === 0 ? { done: true, value: undefined } : { done: false, state: left.join(', ') }
    },
    { what: 'the host to have swept by itself', timeoutMs: 120_000, intervalMs: 200, signal },
  )
  // What a create that was on its way leaves shows up a moment later.
  await delay(500, undefined, { signal })
}
