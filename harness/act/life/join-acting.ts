import { Disposer } from '../../core/disposer.ts'
import { attach } from '../../reach/attach.ts'
import { attachHands, attachWriter } from '../../reach/attach-writer.ts'
import type { ConnectionHandle } from '../../reach/target.ts'
import type { CarefulHand } from '../hand/careful.ts'
import { createCarefulHand } from '../hand/create-careful.ts'
import { meetJanitor } from '../janitor/client.ts'
import { createEngineClock } from '../mark/engine-clock.ts'
import { createHoldView } from '../mark/hold-view.ts'
import { resumeIntents } from '../mark/intents.ts'
import type { ActingHandle } from './acting.ts'

/**
 * For the process that creates: goes on with the run's intents once the janitor has said that it is there. Throws
 * `JANITOR_GONE` and `INTENTS_*`. Whoever disposes of it has ended acting.
 */
export async function joinActing(
  { run, owner, stateDir, janitorSocket, createSeconds, lifetimeSeconds }: ActingHandle,
  connection: ConnectionHandle,
  signal: AbortSignal = new AbortController().signal,
): Promise<CarefulHand & AsyncDisposable> {
  const disposer = new Disposer()
  try {
    const janitor = await meetJanitor(janitorSocket, 'worker', signal)
    disposer.defer(async () => janitor[Symbol.asyncDispose]())
    const intents = await resumeIntents(stateDir, run)
    disposer.defer(async () => intents[Symbol.asyncDispose]())
    const reader = attach(connection).engine
    const clock = createEngineClock(reader)
    const hand = createCarefulHand({
      reader,
      writer: attachWriter(connection),
      often: attachHands(connection),
      clock,
      hold: createHoldView({ engine: reader, clock, run, createSeconds }),
      intents,
      run,
      owner,
      lifetimeSeconds,
      unattended: janitor.gone,
    })
    return { ...hand, [Symbol.asyncDispose]: () => disposer.dispose() }
  } catch (error) {
    throw await disposer.disposeAfter(error)
  }
}
