import { createReader } from '../../../reach/engine/read.ts'
import { wayTo } from '../../../reach/engine/way.ts'
import { createWriter } from '../../../reach/engine/write.ts'
import type { ConnectionHandle } from '../../../reach/target.ts'
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
export async function actingHand(handle: ConnectionHandle, stateDir: string): Promise<ActingHand> {
  const { address, apiVersion, fingerprint, tunnelSocket } = handle
  const { timeoutMs } = address
  // By hand, so that a bench does not load what asks the web.
  const link = { way: wayTo(address.engine, tunnelSocket), label: 'the lab', apiVersion, timeoutMs }
  const reader = createReader(link)
  const writer = createWriter(link)
  const kept = { ...link, way: wayTo(address.engine, tunnelSocket, { keepAlive: true }) }
  const often = { reader: createReader(kept), writer: createWriter(kept) }
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
    ...{ reader, writer, often, clock, hold, intents, run, owner },
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
