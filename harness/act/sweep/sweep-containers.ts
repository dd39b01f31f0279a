import { messageOf } from '../../core/errors.ts'
import { type Attempt, pollUntil } from '../../core/poll.ts'
import { type RunContainer, runContainers, sayContainer } from '../../judge/sweep/containers.ts'
import { localContainers } from '../../model/facts/local-objects.ts'
import { markLabels } from '../../model/mark.ts'
import { messageIn } from '../../reach/engine/body.ts'
import { createOwnHand } from '../hand/own.ts'
import { listed } from '../remove/look.ts'
import type { SweepParts } from './parts.ts'

/** What the engine is asked for is done within this time, or is left. */
const defaultRemovalMs = 30_000
const defaultPatienceMs = 10_000
const lookEveryMs = 500

export interface SweptContainers {
  /** Those that the Swarm had forgotten: `container pvc-20261120t121700z-3f2a-7.1.x9q2`. */
  readonly removed: readonly string[]
  readonly left: readonly string[]
}

/**
 * Sees to it that no container of the run is on the engine that is asked; others' nodes are not to be seen from there.
 * The engine removes those of ended tasks by itself, a moment after them. When dockerd was restarted meanwhile, the Swarm
 * may have forgotten a task whose container is still there, and nobody would ever remove it. `OWN_*` and refusals are
 * `left`; throws `WAIT_TIMED_OUT`, or the signal's reason, where it could not see what is there.
 */
export async function sweepContainers(run: string, parts: SweepParts): Promise<SweptContainers> {
  const { reader, onProgress, signal, intervalMs = lookEveryMs } = parts
  const { containersMs: patienceMs = defaultPatienceMs, removalMs = defaultRemovalMs } = parts
  const patientUntilMs = performance.now() + patienceMs
  const filters = { label: [`${markLabels.run}=${run}`] }
  const removed = new Set<string>()
  let left: readonly string[] = []

  const attempt = async (stop: AbortSignal): Promise<Attempt<void>> => {
    const answer = await reader.containers({ all: true, filters, signal: stop })
    const found = runContainers(listed(localContainers, answer)).filter(({ mark }) => mark.run === run)
    if (found.length === 0) return { done: true, value: undefined }
    onProgress(`waits for ${found.map(sayContainer).join(', ')} to go`)
    left =
      performance.now() < patientUntilMs
        ? found.map((one) => `${sayContainer(one)}: still there`)
        : (await Promise.all(found.map((one) => remove(one, { run, parts, stop, removed })))).flat()
    return { done: false, state: left.join('; ') }
  }
  try {
    const timeoutMs = patienceMs + removalMs
    await pollUntil(attempt, { what: `no container of the run ${run}`, timeoutMs, intervalMs, signal })
    return { removed: [...removed], left: [] }
  } catch (error) {
    if (left.length === 0 || signal.aborted) throw error
    return { removed: [...removed], left }
  }
}

interface Removal {
  readonly run: string
  readonly parts: SweepParts
  readonly stop: AbortSignal
  readonly removed: Set<string>
}

/** Returns why it is left; nothing where the engine says that it is gone. */
async function remove(one: RunContainer, { run, parts, stop, removed }: Removal): Promise<readonly string[]> {
  const hand = createOwnHand(parts, () => ({ ...one.mark, run }))
  const what = sayContainer(one)
  try {
    const { status, body } = await hand.removeContainer(one.id, { signal: stop })
    if (status === 404) return []
    if (status < 200 || status > 299)
      return [`${what}: the engine answered its removal with ${status}: ${messageIn(body)}`]
    removed.add(what)
    return []
  } catch (error) {
    stop.throwIfAborted()
    return [`${what}: ${messageOf(error)}`]
  }
}
