import { PvcheckError } from '../../core/errors.ts'
import type { RemovalPlan } from '../../judge/removal/plan.ts'
import { planKnown } from '../../judge/removal/plan-known.ts'
import { planRemoval } from '../../judge/removal/plan-removal.ts'
import { markLabels } from '../../model/mark.ts'
import type { Pulse } from '../../reach/engine/pulse.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import type { CarefulHand } from '../hand/careful.ts'
import { readSwarm } from '../remove/read-swarm.ts'
import { type Outcome, removeStacks } from '../remove/remove-stacks.ts'
import type { Ground } from './ground.ts'
import type { Created } from './launch.ts'

export interface RemoveParts {
  readonly hand: CarefulHand
  readonly reader: EngineReader
  readonly pulse: Pulse
  readonly ground: Ground
  /** Not the batch's: what was created is removed however the batch ends. */
  readonly signal: AbortSignal
  readonly onState: (state: string) => void
}

/** `gone` is certain; whatever is `left` has an open intent, and waits for the sweep. Throws only what `hand.gone` does. */
export type Removed =
  | { readonly removal: 'gone' | 'nothing' }
  | { readonly removal: 'left'; readonly why: unknown; readonly lastStates: readonly string[] }

export async function removeCreated(created: Created, parts: RemoveParts): Promise<Removed> {
  const { names, networkId, serviceId, isUncertain } = created
  const { hand } = parts
  if (networkId === undefined && serviceId === undefined && !isUncertain) return { removal: 'nothing' }
  const [outcome] = await outcomesOf(created, parts)
  if (outcome !== undefined && outcome.state !== 'removed') return leftBecause(outcome)
  if (isUncertain) return { removal: 'left', why: uncertain(names.stack), lastStates: [] }
  if (serviceId !== undefined) await hand.gone('service', names.service)
  if (networkId !== undefined) await hand.gone('network', names.network)
  return { removal: 'gone' }
}

/** None where there is nothing to remove. */
async function outcomesOf(
  created: Created,
  { hand, reader, pulse, ground, signal, onState }: RemoveParts,
): Promise<readonly Outcome[]> {
  const stack = created.names.stack
  try {
    const plan = created.isUncertain
      ? planRemoval([stack], await readSwarm(reader, signal), hand.run)
      : planOf(created, ground)
    const taskFilters = { label: [`${markLabels.run}=${hand.run}`] }
    const onProgress = (_: string, what: string): void => onState(what)
    return await removeStacks(plan, { reader, writer: hand, pulse, signal, taskFilters, onProgress })
  } catch (error) {
    return [{ stack, state: 'failed', error }]
  }
}

/** A container of it is killed, and has nothing to finish. */
const stopGraceMs = 10_000

function planOf({ names, networkId, serviceId }: Created, { sharedNetwork }: Ground): RemovalPlan {
  const plan = planKnown(names.stack, {
    services: serviceId === undefined ? [] : [{ id: serviceId, name: names.service }],
    networks: networkId === undefined ? [] : [{ id: networkId, name: names.network }],
    joined: [sharedNetwork.id],
    stopGraceMs,
  })
  return { stacks: [plan], unknown: [], prices: [] }
}

function leftBecause(outcome: Exclude<Outcome, { readonly state: 'removed' }>): Removed {
  if (outcome.state === 'left') {
    const { held, objects } = outcome.left
    return { removal: 'left', why: stays([...held, ...objects]), lastStates: held }
  }
  if (outcome.state === 'refused') return { removal: 'left', why: stays([outcome.why]), lastStates: [] }
  return { removal: 'left', why: outcome.error, lastStates: [] }
}

function stays(what: readonly string[]): PvcheckError {
  return new PvcheckError({
    code: 'STACK_LEFT',
    seen: what.join('; '),
    wanted: 'nothing left of a throwaway stack',
    remedy: 'The run sweeps it at its end, or `pvcheck sweep` does.',
    exit: 'residue',
  })
}

function uncertain(stack: string): PvcheckError {
  return new PvcheckError({
    code: 'STACK_UNCERTAIN',
    seen: `whether all of ${stack} was created cannot be told; nothing of it is there now`,
    wanted: 'an answer to each create',
    remedy: 'Nothing is to be done: should it appear, the run sweeps it at its end, or the next one does.',
    exit: 'unknown',
  })
}
