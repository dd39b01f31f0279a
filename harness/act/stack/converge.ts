import { PvcheckError } from '../../core/errors.ts'
import { pollUntil } from '../../core/poll.ts'
import { isLive } from '../../judge/address/task-state.ts'
import { tasks } from '../../model/facts/tasks.ts'
import { markLabels } from '../../model/mark.ts'
import type { Pulse } from '../../reach/engine/pulse.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { sayTask } from '../remove/kinds.ts'
import { listed } from '../remove/look.ts'
import { type AddressesByNetwork, addressesIn } from './addresses.ts'
import type { Ground } from './ground.ts'

export interface ConvergeParts {
  readonly run: string
  /** One that is shared by all stacks of the batch: then one list of tasks is for all who wait. */
  readonly reader: EngineReader
  readonly pulse: Pulse
  readonly ground: Pick<Ground, 'nodes' | 'networkNames'>
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Told with the state of its tasks, whenever that has changed. */
  readonly onState: (state: string) => void
  /** Told what its tasks hold, whenever one of them does: also one that never runs. */
  readonly onAddresses: (addresses: AddressesByNetwork) => void
}

export type Converged =
  | { readonly came: 'running' }
  | { readonly came: 'ended' | 'stuck'; readonly lastStates: readonly string[]; readonly why: PvcheckError }

/**
 * Waits until a task of the service runs; not longer than until one has ended, for none is started in its place. Throws
 * the signal's reason.
 */
export async function converge(serviceId: string, parts: ConvergeParts): Promise<Converged> {
  const { run, reader, pulse, ground, timeoutMs, signal, onState, onAddresses } = parts
  let lastStates: readonly string[] = []
  try {
    return await pollUntil<Converged>(
      async (stop) => {
        // By a label: asked for those of a service that is gone meanwhile, an engine answers 404.
        const filters = { label: [`${markLabels.run}=${run}`] }
        const all = listed(tasks, await reader.tasks({ signal: stop, filters }))
        const ours = all.filter(({ ServiceID }) => ServiceID === serviceId)
        const addresses = addressesIn(ours, ground)
        if (Object.keys(addresses).length > 0) onAddresses(addresses)
        if (ours.some(({ Status }) => Status.State === 'running')) return { done: true, value: { came: 'running' } }
        const states = ours.map((task) => sayTask(task, ground.nodes))
        if (states.join() !== lastStates.join()) onState(states.join(', '))
        lastStates = states
        if (ours.length === 0 || ours.some(isLive)) return { done: false, state: states.join(', ') || 'no task yet' }
        return { done: true, value: { came: 'ended', lastStates, why: ended(states) } }
      },
      { what: 'its task to run', timeoutMs, pause: pulse.next, signal },
    )
  } catch (error) {
    if (!(error instanceof PvcheckError && error.code === 'WAIT_TIMED_OUT')) throw error
    return { came: 'stuck', lastStates, why: stuck(error) }
  }
}

function ended(states: readonly string[]): PvcheckError {
  return new PvcheckError({
    code: 'STACK_ENDED',
    seen: states.join(', '),
    wanted: 'a task that runs',
    remedy: 'See what the engine says of that task; where the image is missing, load it on that node.',
    exit: 'failed',
  })
}

function stuck(cause: PvcheckError): PvcheckError {
  return new PvcheckError({
    code: 'STACK_STUCK',
    seen: cause.seen,
    wanted: 'a task that runs',
    remedy: 'A task that stays `new` waits for an address; one that is `pending` waits for a node that may run it.',
    exit: 'failed',
    cause,
  })
}
