import { attach } from '../../../reach/attach.ts'
import { attachWriter } from '../../../reach/attach-writer.ts'
import type { Connection } from '../../../reach/target.ts'
import { newRunId } from '../../../record/evidence/run-id.ts'
import type { CarefulHand } from '../../hand/careful.ts'
import { createCarefulHand } from '../../hand/create-careful.ts'
import { createEngineClock } from '../../mark/engine-clock.ts'
import { createIntents } from '../../mark/intents.ts'
import { takeLock } from '../../mark/lock.ts'
import { readIntents } from '../../mark/read-intents.ts'

export interface ActingHand extends AsyncDisposable {
  readonly hand: CarefulHand
  /** What by its intents may still be there; the lock counts. */
  open(): Promise<readonly string[]>
  /** As when the janitor has died. */
  readonly janitorIsGone: AbortController
}

/** The hand of a run with a lock and intents of its own, all in one process, and without a janitor. */
export async function actingHand(connection: Connection, stateDir: string): Promise<ActingHand> {
  const { engine: reader, fingerprint } = attach(connection.handle)
  const writer = attachWriter(connection.handle)
  const run = newRunId()
  const owner = 'bench'
  const clock = createEngineClock(reader)
  const intents = await createIntents(stateDir, { run, owner, cluster: fingerprint.cluster })
  const hold = await takeLock({
    ...{ engine: reader, writer, clock, intents, run, owner },
    ...{ leaseSeconds: 120, createSeconds: 15 },
  })
  const janitorIsGone = new AbortController()
  const hand = createCarefulHand({
    ...{ reader, writer, clock, hold, intents, run, owner },
    ...{ lifetimeSeconds: 900, unattended: janitorIsGone.signal },
  })
  return {
    hand,
    janitorIsGone,
    open: async () => (await readIntents(stateDir, run)).open.map(({ kind, name }) => `${kind} ${name}`),
    async [Symbol.asyncDispose]() {
      await hold.release()
      await intents[Symbol.asyncDispose]()
    },
  }
}
