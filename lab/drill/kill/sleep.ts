import { setTimeout as delay } from 'node:timers/promises'
import { pollUntil } from '../../../harness/core/poll.ts'
import { markProcess } from '../../host/process.ts'
import type { StartedCommand } from './command.ts'
import { objectsLeft } from './leftovers.ts'
import { processesOf, signalAll } from './processes.ts'
import type { Scene } from './recovery.ts'

/** Stops all that a command has started, as a machine does that goes to sleep. */
export async function putToSleep(command: StartedCommand): Promise<void> {
  // Whoever was being started while the others were stopped is caught the next time round.
  for (let before = -1; ; ) {
    const found = await processesOf(command.mark)
    signalAll(found, 'SIGSTOP')
    const alive = await Promise.all(found.map(({ pid }) => markProcess(pid)))
    const now = alive.filter((mark) => mark !== undefined).length
    if (now === before) return
    before = now
  }
}

/** Lets them go on; returns the moment, in milliseconds. */
export async function wake(command: StartedCommand): Promise<number> {
  const at = Date.now()
  signalAll(await processesOf(command.mark), 'SIGCONT')
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
