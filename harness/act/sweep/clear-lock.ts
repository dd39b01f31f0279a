import { PvcheckError } from '../../core/errors.ts'
import { type Attempt, pollUntil } from '../../core/poll.ts'
import { lockName } from '../../model/mark.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import type { EngineWriter } from '../../reach/engine/writer.ts'
import { createOwnHand } from '../hand/own.ts'
import { fenceLabel, findLock, relabelled } from '../mark/lock-object.ts'
import { isDone, removeLock } from '../mark/remove-lock.ts'

interface Hands {
  readonly reader: EngineReader
  readonly writer: EngineWriter
  readonly signal: AbortSignal
}

/**
 * Removes the lock where it is of that run, and resolves when the run has none. It is fenced first, so that a renewal
 * which is still under way is refused, or makes us look again. Throws `SWEEP_LOCK_STAYS` with the last state.
 */
export async function clearLock(run: string, { reader, writer, signal }: Hands): Promise<void> {
  const clear = async (stop: AbortSignal): Promise<Attempt<void>> => {
    const options = { signal: stop }
    const found = await findLock(reader, options)
    if (found?.reading.kind !== 'mark' || found.reading.mark.run !== run) return { done: true, value: undefined }
    const { mark } = found.reading
    const hand = createOwnHand({ reader, writer }, () => mark)
    const fence = relabelled(found, { [fenceLabel]: run })
    const fenced = await hand.updateConfig(found.id, found.version, fence, options)
    if (isDone(fenced)) await removeLock({ engine: reader, writer: hand }, found.id, options)
    return { done: false, state: `the config ${lockName} (${found.id}) is being removed` }
  }
  try {
    await pollUntil(clear, { what: 'the lock of a dead run to be gone', timeoutMs: 20_000, intervalMs: 50, signal })
  } catch (error) {
    if (signal.aborted || !(error instanceof PvcheckError)) throw error
    throw new PvcheckError({
      code: 'SWEEP_LOCK_STAYS',
      seen: error.seen,
      wanted: `no lock of the run ${run}, which is over`,
      remedy: `Run the same command again; or, where that run is certainly over, \`docker config rm ${lockName}\`.`,
      exit: 'residue',
      cause: error.cause,
    })
  }
}
